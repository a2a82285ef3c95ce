"""Settings, and what they name."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators.base import items_removed, items_swapped, literal_changed
from benchmarks.laboratory.reading import assignments

MIDDLEWARE = "settings: middleware"
TEMPLATES = "settings: templates and context processors"
APPS = "settings: installed apps"
LIBRARIES = "settings: of libraries"
VALUES = "settings: values"

_LEFT_ALONE = {"SECRET_KEY", "DATABASES", "CDDS", "TEST_RUNNER", "LOGGING"}


def find(source: Source, families: Families) -> Iterator[Edit]:
    """Edit a settings module."""
    for name, value, _ in assignments(source.tree.body):
        if name in _LEFT_ALONE:
            continue
        if name == "MIDDLEWARE":
            yield from items_removed(MIDDLEWARE, name, source, value)
            yield from items_swapped(MIDDLEWARE, name, source, value)
        elif name == "INSTALLED_APPS":
            yield from items_removed(APPS, name, source, value)
            yield from items_swapped(APPS, name, source, value)
        elif name == "TEMPLATES":
            yield from _nested(TEMPLATES, name, source, value)
        elif isinstance(value, ast.Dict):
            yield from _nested(LIBRARIES, name, source, value)
        else:
            yield from items_removed(VALUES, name, source, value)
            yield from literal_changed(VALUES, name, source, value)
            if isinstance(value, ast.Call):
                for argument in value.args[1:]:
                    yield from literal_changed(VALUES, name, source, argument)


def _nested(kind: str, name: str, source: Source, value: ast.expr) -> Iterator[Edit]:
    for node in ast.walk(value):
        if isinstance(node, ast.Dict | ast.List):
            yield from items_removed(kind, name, source, node)
            yield from literal_changed(kind, name, source, node)
