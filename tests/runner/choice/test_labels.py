"""Labels that name nothing, with what is nearest."""

from __future__ import annotations

import sys

import pytest

from cdds_django.errors import ConfigurationError
from cdds_django.runner.choice.labels import require_known


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    (tmp_path / "labelled").mkdir()
    (tmp_path / "labelled/__init__.py").write_text("")
    (tmp_path / "labelled/tests.py").write_text("class OrderTests:\n    def test_one(self): ...\n")
    (tmp_path / "labelled/broken.py").write_text("import does_not_exist\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    for name in [name for name in sys.modules if name.startswith("labelled")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "label",
    [
        ".",
        "labelled",
        "labelled/",
        "labelled.tests",
        "labelled.tests.OrderTests",
        "labelled.tests.OrderTests.test_one",
        "labelled.broken",
        "labelled.broken.AnyTests",
    ],
)
def test_known(label):
    require_known([label], ())


@pytest.mark.parametrize(
    ("label", "nearest"),
    [
        ("labeled", "labelled"),
        ("labelled.test", "labelled.tests"),
        ("labelled.tests.OrdersTests", "labelled.tests.OrderTests"),
        ("labelled.test.OrderTests", "labelled.tests.OrderTests"),
        ("labelled.tests.OrderTests.test_on", "labelled.tests.OrderTests.test_one"),
    ],
)
def test_nearest_without_a_map(label, nearest):
    with pytest.raises(ConfigurationError, match=f"Did you mean .*{nearest}"):
        require_known(["labelled", label], ())


def test_nearest_of_the_map():
    with pytest.raises(ConfigurationError, match=r"Did you mean gone\.tests\.GoneTests"):
        require_known(["gone.tests.GoneTest"], ["gone.tests.GoneTests"])


def test_nothing_alike():
    with pytest.raises(ConfigurationError, match="A label is a directory or a dotted name"):
        require_known(["9/quite/else"], ())
    with pytest.raises(ConfigurationError, match="is a file"):
        require_known(["labelled/tests.py"], ())
