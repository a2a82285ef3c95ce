"""Views and viewsets: attributes, overrides, bases, decorators."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators.base import (
    added_to_class,
    bases_removed,
    decorators_removed,
    items_removed,
    literal_changed,
    statement_dropped,
    value_replaced,
)
from benchmarks.laboratory.reading import assignments, methods

ATTRIBUTES = "views: attributes"
POLICIES = "views: permissions, authentication, throttles"
SHAPE = "views: querysets, serializers, filters, pagination"
OVERRIDES = "views: get_* and other overrides"
BASES = "views: bases and mixins"
DECORATORS = "views: decorators and actions"

_POLICIES = {"permission_classes", "authentication_classes", "throttle_classes", "throttle_scope"}
_SHAPE = {
    "queryset", "model", "serializer_class", "form_class", "pagination_class", "paginate_by",
    "filterset_class", "filterset_fields", "filter_backends", "search_fields", "ordering_fields",
    "ordering", "lookup_field", "renderer_classes", "parser_classes",
}  # fmt: skip
_NONE = "def get_queryset(self):\n    return super().get_queryset().none()\n"
_OPEN = "def get_permissions(self):\n    return []\n"
_CLOSED = 'def initial(self, request, *args, **kwargs):\n    raise ValueError("mutant")\n'
_FEWER = 'http_method_names = ["head", "options"]\n'


def find(source: Source, families: Families) -> Iterator[Edit]:
    """Edit a file's views, be they classes or functions."""
    for cls in source.classes():
        if families.is_a(cls, "view") and not families.any_of(cls, "test", "serializer"):
            yield from _attributes(source, families, cls)
            yield from _overrides(source, cls)
            yield from bases_removed(BASES, source, cls)
            yield from decorators_removed(DECORATORS, source, cls)
            for method in methods(cls):
                yield from decorators_removed(DECORATORS, source, method)
    if "views" in source.path:
        for function in source.functions():
            if source.parents[function] is source.tree:
                yield from decorators_removed(DECORATORS, source, function)


def _attributes(source: Source, families: Families, cls: ast.ClassDef) -> Iterator[Edit]:
    for name, value, statement in assignments(cls.body):
        kind = POLICIES if name in _POLICIES else SHAPE if name in _SHAPE else ATTRIBUTES
        yield statement_dropped(kind, name, source, statement)
        yield from items_removed(kind, name, source, value)
        yield from literal_changed(kind, name, source, value)
        if name == "queryset":
            new = f"{source.segment(value)}.none()"
            yield Edit(kind, "queryset emptied", source.span(value), new)
        elif name.endswith("_classes") and isinstance(value, ast.List):
            yield from value_replaced(kind, name, source, statement, "[]")
        elif name == "pagination_class":
            yield from value_replaced(kind, name, source, statement, "None")
        elif name == "serializer_class":
            for other in families.members["serializer"]:
                if other in source.text:
                    yield from value_replaced(kind, name, source, statement, other)


def _overrides(source: Source, cls: ast.ClassDef) -> Iterator[Edit]:
    own = {method.name for method in methods(cls)}
    for method in methods(cls):
        yield statement_dropped(OVERRIDES, "method", source, method)
    names = {name for name, _, _ in assignments(cls.body)}
    if "get_queryset" not in own and names & {"queryset", "model"}:
        yield added_to_class(OVERRIDES, "get_queryset added", source, cls, _NONE)
    if names & {"serializer_class", "permission_classes"}:
        if "get_permissions" not in own:
            yield added_to_class(OVERRIDES, "get_permissions added", source, cls, _OPEN)
        if "initial" not in own:
            yield added_to_class(OVERRIDES, "initial added", source, cls, _CLOSED)
    if "http_method_names" not in names:
        yield added_to_class(ATTRIBUTES, "http_method_names added", source, cls, _FEWER)
