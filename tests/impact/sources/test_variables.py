"""`impact.sources.variables`: readings of the environment, told from copies of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdds_django.impact.code.tree import ABSENT, SourceTree
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.variables import Variables


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    monkeypatch.setenv("SHOP_A", "a")
    recorder = Recorder(SourceTree(tmp_path, (tmp_path,)), (Variables(),))
    recorder.start()
    recorder.take()

    def noted(expression: str) -> set[str]:
        exec(compile(expression, str(tmp_path / "shop.py"), "exec"), {"os": os})
        return {key for kind, key in recorder.take() if kind == "variable"}

    yield noted
    recorder.stop()


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("os.environ['SHOP_A']", {"SHOP_A"}),
        ("os.environ.get('SHOP_B')", {"SHOP_B"}),
        ("os.getenv('SHOP_B', 'default')", {"SHOP_B"}),
        ("'SHOP_B' in os.environ", {"SHOP_B"}),
        ("[os.environ[k] for k in os.environ if k.startswith('SHOP_')]", {"SHOP_A"}),
        ("dict(os.environ)", set()),
        ("{**os.environ}", set()),
        ("os.environ.copy()", set()),
        ("dict(os.environ); os.environ['SHOP_A']", {"SHOP_A"}),
        ("os.environ.get('PATH')", set()),
        ("os.environ.get('PYTHONPATH')", set()),
        ("os.environ.get('PYTHON_ENV')", {"PYTHON_ENV"}),
        ("os.environ.get('DJANGO_FEATURES')", {"DJANGO_FEATURES"}),
        ("os.environ.get('TEST_BATCH_ID')", set()),
    ],
)
def test_reading(noted: Callable[[str], Any], expression: str, names: set[str]) -> None:
    assert noted(expression) == names


def test_fingerprints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project(tree=SourceTree(tmp_path, (tmp_path,)), operations={})
    monkeypatch.setenv("SHOP_A", "secret")

    states = Variables().fingerprints(["SHOP_A", "SHOP_B"], project)

    assert states["SHOP_B"] == ABSENT
    assert "secret" not in states["SHOP_A"]
