"""Serializers: what they show and accept."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators.base import (
    added_to_class,
    items_removed,
    keywords_edited,
    literal_changed,
    statement_dropped,
)
from benchmarks.laboratory.reading import assignments, inner_class, methods

META = "serializers: Meta"
OPTIONS = "serializers: field options"
FIELDS = "serializers: fields added or removed"
METHODS = "serializers: methods added or removed"

_FLIPPED = {"read_only": "True", "write_only": "True", "allow_null": "True"}
_SHRUNK = """\
def to_representation(self, instance):
    shown = dict(super().to_representation(instance))
    shown.pop(next(iter(shown)), None)
    return shown
"""
_REFUSING = """\
def validate(self, attrs):
    raise serializers.ValidationError("mutant")
"""


def find(source: Source, families: Families) -> Iterator[Edit]:
    """Edit a file's serializers."""
    for cls in source.classes():
        if families.is_a(cls, "serializer"):
            yield from _meta(source, cls)
            yield from _fields(source, cls)
            yield from _methods(source, cls)


def _meta(source: Source, cls: ast.ClassDef) -> Iterator[Edit]:
    meta = inner_class(cls, "Meta")
    for name, value, statement in assignments(meta.body if meta else []):
        yield from items_removed(META, name, source, value)
        if isinstance(value, ast.Constant):
            yield from literal_changed(META, name, source, value)
        if name not in ("fields", "model"):
            yield statement_dropped(META, name, source, statement)
        if name == "fields" and isinstance(value, ast.List) and len(value.elts) > 1:
            yield Edit(
                META,
                "read_only_fields added",
                (source.span(statement)[1],) * 2,
                f"\n{source.indentation(statement)}read_only_fields = fields",
            )


def _fields(source: Source, cls: ast.ClassDef) -> Iterator[Edit]:
    for name, value, statement in assignments(cls.body):
        if not isinstance(value, ast.Call):
            continue
        yield statement_dropped(FIELDS, "field", source, statement)
        yield from keywords_edited(OPTIONS, source, value, _FLIPPED)
        if inner_class(cls, "Meta") is None:
            end = source.span(statement)[1]
            copy = f"\n{source.indentation(statement)}{name}_mutant = {source.segment(value)}"
            yield Edit(FIELDS, "field added", (end, end), copy)


def _methods(source: Source, cls: ast.ClassDef) -> Iterator[Edit]:
    own = {method.name for method in methods(cls)}
    for method in methods(cls):
        yield statement_dropped(METHODS, "method", source, method)
    if "to_representation" not in own:
        yield added_to_class(METHODS, "to_representation added", source, cls, _SHRUNK)
    if "validate" not in own and "serializers" in source.text:
        yield added_to_class(METHODS, "validate added", source, cls, _REFUSING)
