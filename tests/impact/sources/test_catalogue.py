"""`impact.sources.catalogue`: every kind of dependency is there once."""

from __future__ import annotations

from pathlib import Path

from cdds_django.impact.sources import catalogue
from cdds_django.impact.sources.catalogue import SOURCES

_NOT_KINDS = {"__init__", "base", "callers", "catalogue", "system_calls"}


def test_kinds_are_unique() -> None:
    assert len({source.kind for source in SOURCES}) == len(SOURCES)


def test_every_module_of_a_kind_is_listed() -> None:
    modules = {path.stem for path in Path(catalogue.__file__).parent.glob("*.py")} - _NOT_KINDS

    assert {type(source).__module__.rpartition(".")[2] for source in SOURCES} == modules
