"""Migrations, and the code that only tests use: factories, base classes, fixtures of classes."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source, without_item
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators import bodies
from benchmarks.laboratory.operators.base import (
    items_removed,
    keywords_edited,
    literal_changed,
    statement_dropped,
)
from benchmarks.laboratory.reading import assignments, methods, name_of

MIGRATIONS = "migrations"
FACTORIES = "test helpers: factories"
BASES = "test helpers: base classes and functions"
FIXTURES = "test helpers: setUpTestData and setUp"
TESTS = "tests' own bodies"

_SHARED = {"setUpTestData", "setUpClass", "setUp"}


def migrations(source: Source, families: Families) -> Iterator[Edit]:
    """Edit operations of migrations, and functions that they run."""
    for cls in source.classes():
        if cls.name != "Migration":
            continue
        for name, value, _ in assignments(cls.body):
            if name == "operations" and isinstance(value, ast.List):
                for index, operation in enumerate(value.elts):
                    span = without_item(source, value.elts, index)
                    yield Edit(MIGRATIONS, f"{name_of(operation)} removed", span, "")
    for function in source.functions():
        yield from bodies.within(MIGRATIONS, source, function)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and name_of(node).endswith("Field"):
            yield from keywords_edited(MIGRATIONS, source, node, {"unique": "True"})


def helpers(source: Source, families: Families) -> Iterator[Edit]:
    """Edit a helper of tests: a file that holds no test itself."""
    for name, value, _ in assignments(source.tree.body):
        yield from literal_changed(BASES, name, source, value)
    for cls in source.classes():
        kind = FACTORIES if families.is_a(cls, "factory") else BASES
        for name, value, statement in assignments(cls.body):
            yield statement_dropped(kind, "attribute", source, statement)
            yield from literal_changed(kind, name, source, value)
            yield from items_removed(kind, name, source, value)
            for node in ast.walk(value):
                if isinstance(node, ast.Constant) and node is not value:
                    yield from literal_changed(kind, name, source, node)
        for method in methods(cls):
            yield statement_dropped(kind, "method", source, method)
    for function in source.functions():
        yield from bodies.within(BASES, source, function)


def fixtures(source: Source, families: Families) -> Iterator[Edit]:
    """Edit what test classes prepare for all of their tests."""
    for function in source.functions():
        if function.name in _SHARED:
            yield from bodies.within(FIXTURES, source, function)
            for node in ast.walk(function):
                if isinstance(node, ast.Assign):
                    yield statement_dropped(FIXTURES, "assignment", source, node)
        elif function.name.startswith("test"):
            yield from bodies.within(TESTS, source, function)
