"""Templates that come from loaders of a project's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.template.engine import Engine

from cdds_django.impact.sources.templates import _Contents

LOADERS = """
from pathlib import Path

from django.template import Origin, Template, TemplateDoesNotExist
from django.template.loaders.base import Loader
from django.template.loaders.filesystem import Loader as FilesystemLoader

HERE = Path(__file__).parent


class Outer(Loader):
    # Has others load, and says where from.
    def __init__(self, engine):
        super().__init__(engine)
        self.inner = FilesystemLoader(engine, [HERE / "texts"])

    def get_template(self, name, skip=None):
        return self.inner.get_template(name, skip=skip)

    def get_template_sources(self, name):
        return self.inner.get_template_sources(name)


class OfFiles(Loader):
    # Says where from, but not what is there.
    def get_template(self, name, skip=None):
        (origin,) = self.get_template_sources(name)
        return Template(Path(origin.name).read_text(), origin, name, self.engine)

    def get_template_sources(self, name):
        yield Origin(str(HERE / "texts" / name), name)


class OfRows(Loader):
    # Says where from, in its own words.
    def get_template(self, name, skip=None):
        text = (HERE / "texts" / name).read_bytes().decode()
        return Template(text, Origin(f"row of {name}", name), name, self.engine)

    def get_template_sources(self, name):
        yield Origin(f"row of {name}", name)


class Silent(Loader):
    # Says nothing.
    def get_template(self, name, skip=None):
        text = (HERE / "texts" / name).read_bytes().decode()
        return Template(text, Origin("somewhere", name), name, self.engine)


class Failing(Silent):
    # Knows templates only while tests run.
    def get_template_sources(self, name):
        raise RuntimeError("no database")
"""
TESTS = """
from django.template.loader import render_to_string
from django.test import SimpleTestCase


class UsingTests(SimpleTestCase):
    def test_a(self):
        self.assertIn("word", render_to_string("page.html"))


class OtherTests(SimpleTestCase):
    def test_b(self):
        pass
"""


@pytest.mark.parametrize(
    ("loader", "is_told"),
    [("Outer", True), ("OfFiles", True), ("OfRows", False), ("Silent", False), ("Failing", False)],
)
def test_loaders_of_the_project(make_project: Any, loader: str, is_told: bool) -> None:
    backend = "django.template.backends.django.DjangoTemplates"
    engine = {"BACKEND": backend, "OPTIONS": {"loaders": [f"loaders.{loader}"]}}
    files = {
        "loaders.py": LOADERS,
        "texts/page.html": "a word",
        "tests/__init__.py": "",
        "tests/test_it.py": TESTS,
    }
    project = make_project(files, f"TEMPLATES = [{engine!r}]\n")
    first = project.test("--parallel", "1")
    assert len(first.passed) == 2, first.text
    again = project.test("--parallel", "1", "--delta")
    using = ["UsingTests.test_a"]
    assert again.passed == ([] if is_told else using), again.text
    project.write({"texts/page.html": "another"})
    edited = project.test("--parallel", "1", "--delta")
    assert edited.ids("failed") == using, edited.text
    assert edited.passed == []


@pytest.mark.parametrize(
    "name",
    [
        "a.html",
        "sub/b.html",
        "sub/none.html",
        "none/b.html",
        "../out.html",
        "/a.html",
        "linked/b.html",
    ],
)
@pytest.mark.parametrize("is_cached", [True, False])
def test_no_file_is_passed_over(
    tmp_path: Path, name: str, is_cached: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("first/sub", "second/sub", "second/more"):
        (tmp_path / place).mkdir(parents=True)
    for file in ("out.html", "second/a.html", "first/sub/b.html", "second/sub/b.html"):
        (tmp_path / file).write_text(file)
    (tmp_path / "second" / "linked").symlink_to(tmp_path / "first" / "sub")
    of_files = "django.template.loaders.filesystem.Loader"
    engine = Engine(
        dirs=[str(tmp_path / "first"), tmp_path / "second", str(tmp_path / "absent")],
        loaders=[("django.template.loaders.cached.Loader", [of_files])]
        if is_cached
        else [of_files],
    )

    def contents() -> str | None:
        return _Contents([engine])._content(name, engine)

    told = contents()
    monkeypatch.setattr(_Contents, "_directories", lambda _, loader, first: loader.get_dirs())
    asked = contents()
    monkeypatch.setattr(
        _Contents, "_sources", lambda _, name, loader: loader.get_template_sources(name)
    )
    assert told == asked == contents()
    assert (told is not None) is (name in ("a.html", "sub/b.html", "linked/b.html"))
