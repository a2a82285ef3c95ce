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

# What grants everything, by kind: a method that the base class has.
_GRANTING = {
    "throttles": ("allow_request", "def allow_request(self, request, view):\n    return True\n"),
    "permission classes": (
        "has_permission",
        "def has_permission(self, request, view):\n    return True\n",
    ),
}


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
    name, text = _GRANTING.get(kind, ("", ""))
    if text and name not in {method.name for method in methods(cls)}:
        yield added_to_class(kind, f"{name} added", source, cls, text)
    yield from bases_removed(kind, source, cls)
