"""Constants, class attributes, default arguments, names that come and go."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source, without_item
from benchmarks.laboratory.families import FAMILIES, Families
from benchmarks.laboratory.operators.base import (
    decorators_removed,
    items_removed,
    literal_changed,
    statement_dropped,
)
from benchmarks.laboratory.reading import assignments, is_docstring, methods

CONSTANTS = "module constants"
ATTRIBUTES = "class attributes and dataclasses"
DEFAULTS = "default arguments"
NAMES = "functions and classes removed"
IMPORTS = "imports removed"
DECORATORS = "decorators on functions"


def constants(source: Source, families: Families) -> Iterator[Edit]:
    """Edit what a module assigns."""
    if "urlpatterns" in source.text:
        return
    for name, value, _ in assignments(source.tree.body):
        yield from _value(CONSTANTS, name, source, value)


def _value(kind: str, name: str, source: Source, value: ast.expr) -> Iterator[Edit]:
    yield from items_removed(kind, name, source, value)
    yield from literal_changed(kind, name, source, value)
    if isinstance(value, ast.Call):
        for argument in [*value.args, *(keyword.value for keyword in value.keywords)]:
            yield from literal_changed(kind, name, source, argument)
    elif isinstance(value, ast.Dict):
        for each in value.values:
            yield from items_removed(kind, name, source, each)


def attributes(source: Source, families: Families) -> Iterator[Edit]:
    """Edit attributes of classes that no other operator knows."""
    for cls in source.classes():
        if cls.name == "Meta" or families.any_of(cls, *FAMILIES):
            continue
        for name, value, statement in assignments(cls.body):
            yield from _value(ATTRIBUTES, name, source, value)
            yield statement_dropped(ATTRIBUTES, name, source, statement)
        for method in methods(cls):
            yield statement_dropped(ATTRIBUTES, "method", source, method)
        yield from decorators_removed(ATTRIBUTES, source, cls)


def defaults(source: Source, families: Families) -> Iterator[Edit]:
    """Edit the default values of arguments."""
    for function in source.functions():
        arguments = function.args
        for value in [*arguments.defaults, *filter(None, arguments.kw_defaults)]:
            yield from literal_changed(DEFAULTS, "default", source, value)
            if isinstance(value, ast.Constant) and value.value is None:
                yield Edit(DEFAULTS, "default of None changed", source.span(value), '"mutant"')


def names(source: Source, families: Families) -> Iterator[Edit]:
    """Remove functions and imported names."""
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield statement_dropped(NAMES, type(node).__name__, source, node)
        elif isinstance(node, ast.ImportFrom | ast.Import) and node.names[0].name != "*":
            if len(node.names) > 1:
                for index in range(len(node.names)):
                    span = without_item(source, node.names, index)
                    yield Edit(IMPORTS, "name removed", span, "")
            elif getattr(node, "module", None) != "__future__":
                yield statement_dropped(IMPORTS, "import", source, node)


def decorators(source: Source, families: Families) -> Iterator[Edit]:
    """Remove decorators of functions that are neither views nor receivers."""
    if "views" in source.path or "templatetags/" in source.path:
        return
    for function in source.functions():
        owner = source.owner(function)
        if (
            function.body
            and not is_docstring(function)
            and (owner is None or not families.any_of(owner, "view", "model", "form", "admin"))
        ):
            for edit in decorators_removed(DECORATORS, source, function):
                if "@receiver" not in edit.operator:
                    yield edit
