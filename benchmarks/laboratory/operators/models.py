"""Models: fields and their options, Meta, managers, methods, validators."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators.base import (
    added_to_class,
    bases_removed,
    decorators_removed,
    items_removed,
    items_swapped,
    keywords_edited,
    literal_changed,
    statement_dropped,
)
from benchmarks.laboratory.reading import assignments, inner_class, methods, name_of

FIELDS = "models: field options"
REMOVED = "models: fields removed"
CHOICES = "models: choices and enumerations"
VALIDATORS = "models: validators"
META = "models: Meta"
MANAGERS = "models: managers and querysets"
METHODS = "models: methods added or removed"
ABSTRACT = "models: abstract bases"

_FLIPPED = {"null": "True", "unique": "True", "editable": "False", "default": "None"}
_TEXT = 'def __str__(self):\n    return "mutant"\n'
_SAVE = 'def save(self, *args, **kwargs):\n    raise ValueError("mutant")\n'


def find(source: Source, families: Families) -> Iterator[Edit]:
    """Edit a file's models, managers and enumerations."""
    for cls in source.classes():
        if families.is_a(cls, "model"):
            abstract = "abstract = True" in source.segment(cls)
            yield from _fields(source, cls, ABSTRACT if abstract else None)
            yield from _meta(source, cls)
            yield from _methods(source, cls, ABSTRACT if abstract else METHODS)
            yield from bases_removed(ABSTRACT, source, cls)
        elif families.is_a(cls, "manager"):
            yield from _methods(source, cls, MANAGERS)
        elif families.is_a(cls, "enum"):
            for name, value, statement in assignments(cls.body):
                yield statement_dropped(CHOICES, name, source, statement)
                yield from literal_changed(CHOICES, name, source, value)


def _fields(source: Source, cls: ast.ClassDef, kind: str | None) -> Iterator[Edit]:
    for _, value, statement in assignments(cls.body):
        if not isinstance(value, ast.Call):
            continue
        called = name_of(value)
        if called.endswith(("Field", "ForeignKey")):
            yield statement_dropped(kind or REMOVED, "field", source, statement)
            for edit in keywords_edited(kind or FIELDS, source, value, _FLIPPED):
                if "validators" in edit.operator and kind is None:
                    edit = Edit(VALIDATORS, edit.operator, edit.span, edit.new)
                yield edit
        elif called.endswith("Manager") or "as_manager" in called or "objects" in called:
            yield statement_dropped(MANAGERS, "manager", source, statement)
            new = f"{source.segment(value)}".replace(called, "Manager")
            yield Edit(MANAGERS, "manager changed", source.span(value), new)


def _meta(source: Source, cls: ast.ClassDef) -> Iterator[Edit]:
    meta = inner_class(cls, "Meta")
    for name, value, statement in assignments(meta.body if meta else []):
        yield statement_dropped(META, name, source, statement)
        yield from items_removed(META, name, source, value)
        yield from items_swapped(META, name, source, value)
        if name == "ordering":
            yield from _reversed(source, value)
    ordered = meta and any(name == "ordering" for name, _, _ in assignments(meta.body))
    if meta and not ordered:
        yield added_to_class(META, "ordering added", source, meta, 'ordering = ["-pk"]\n')


def _reversed(source: Source, value: ast.expr) -> Iterator[Edit]:
    for item in getattr(value, "elts", []):
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            new = item.value[1:] if item.value.startswith("-") else f"-{item.value}"
            yield Edit(META, "ordering reversed", source.span(item), repr(new))


def _methods(source: Source, cls: ast.ClassDef, kind: str) -> Iterator[Edit]:
    own = set()
    for method in methods(cls):
        own.add(method.name)
        yield statement_dropped(kind, "method", source, method)
        yield from decorators_removed(kind, source, method)
    if kind == METHODS:
        if "__str__" not in own:
            yield added_to_class(kind, "__str__ added", source, cls, _TEXT)
        if "save" not in own:
            yield added_to_class(kind, "save added", source, cls, _SAVE)
