"""What views are put together from: permissions, throttles, paginators, filtersets, renderers."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators.base import (
    added_to_class,
    bases_removed,
    items_removed,
    keywords_edited,
    literal_changed,
    statement_dropped,
)
from benchmarks.laboratory.reading import assignments, inner_class, methods

KINDS = {
    "permission": "permission classes",
    "authentication": "authentication classes",
    "throttle": "throttles",
    "pagination": "paginators",
    "filterset": "filtersets",
    "renderer": "renderers and parsers",
}

_GRANTING = {"throttles": "allow_request", "permission classes": "has_permission"}
"""The method that grants or refuses, by kind."""


def find(source: Source, families: Families) -> Iterator[Edit]:
    """Edit a file's components."""
    for cls in source.classes():
        for family, kind in KINDS.items():
            if families.is_a(cls, family) and not families.is_a(cls, "test"):
                yield from _edits(kind, source, cls)


def _edits(kind: str, source: Source, cls: ast.ClassDef) -> Iterator[Edit]:
    meta = inner_class(cls, "Meta")
    for body in (cls.body, meta.body if meta else []):
        for name, value, statement in assignments(body):
            yield statement_dropped(kind, name, source, statement)
            yield from items_removed(kind, name, source, value)
            yield from literal_changed(kind, name, source, value)
            if isinstance(value, ast.Call):
                yield from keywords_edited(kind, source, value, {})
    for method in methods(cls):
        yield statement_dropped(kind, "method", source, method)
    asked = _GRANTING.get(kind)
    if asked is not None and asked not in {method.name for method in methods(cls)}:
        text = f"def {asked}(self, request, view):\n    return True\n"
        yield added_to_class(kind, f"{asked} added", source, cls, text)
    yield from bases_removed(kind, source, cls)
