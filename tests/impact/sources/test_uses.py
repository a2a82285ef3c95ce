"""`impact.sources.uses`: what is used through a library."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import Library, defaultfilters, defaulttags

from cdds_django.impact.records import Dependency
from cdds_django.impact.sources.uses import Uses


def test_libraries_of_tags_are_looked_through_again_when_something_else_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = Library()
    library.filter("theirs", defaultfilters.upper)
    monkeypatch.setattr(defaulttags, "find_library", lambda parser, name: library)
    noted: list[frozenset[Dependency]] = []
    recorder = SimpleNamespace(
        tree=SimpleNamespace(key=lambda file: "tags.py" if file == __file__ else None),
        note_all=noted.append,
    )
    end = Uses().watch(recorder)  # type: ignore[arg-type]
    try:
        for name in ("theirs", "more"):
            assert defaulttags.find_library(None, "tags") is library
            library.filter(name, lambda value: value)
            assert defaulttags.find_library(None, "tags") is library
    finally:
        end()

    ours = frozenset({Dependency("symbol", "tags.py::register")})
    assert noted == [frozenset(), ours, ours, ours]
