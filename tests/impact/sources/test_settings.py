"""`impact.sources.settings`: values written so that equal ones are written alike."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.settings import Settings, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"x", "y", "z"}, {"z", "y", "x"}),
        ([1, (2, 3)], (1, [2, 3])),
        (object(), object()),
        ([re.compile("a")], [re.compile("a")]),
    ],
)
def test_equal(one: Any, other: Any) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, "1"),
        ([1, 2], [2, 1]),
        (None, "None"),
        (Path("a"), "a"),
        (re.compile("a"), re.compile("b")),
        (len, max),
        (int, str),
    ],
)
def test_different(one: Any, other: Any) -> None:
    assert plain(one) != plain(other)


def test_paths_beside_the_project_are_the_same_in_another_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NetBox's DOCS_ROOT lies beside the directory that holds manage.py."""
    fingerprints = set()
    for checkout in ("one", "two"):
        top = tmp_path / checkout
        (top / ".git").mkdir(parents=True)
        (top / "site").mkdir()
        project = Project(tree=SourceTree(top / "site", (top / "site",)), operations={})
        values = SimpleNamespace(DOCS_ROOT=str(top / "docs"), MEDIA_ROOT=str(top / "site/media"))
        monkeypatch.setattr("cdds_django.impact.sources.settings.settings", values)
        found = Settings().fingerprints(["DOCS_ROOT", "MEDIA_ROOT"], project)
        fingerprints.add((found["DOCS_ROOT"], found["MEDIA_ROOT"]))
    assert len(fingerprints) == 1
