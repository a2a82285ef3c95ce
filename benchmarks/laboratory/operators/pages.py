"""Forms and the admin."""

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

FORMS = "forms"
ADMIN = "admin"

_REFUSING = 'def clean(self):\n    self.add_error(None, "mutant")\n    return super().clean()\n'
_NOBODY = "def has_add_permission(self, request, *args):\n    return False\n"


def forms(source: Source, families: Families) -> Iterator[Edit]:
    """Edit a file's forms."""
    for cls in source.classes():
        if families.is_a(cls, "form") and not families.any_of(cls, "test", "view"):
            yield from _declared(FORMS, source, cls, {"required": "False", "initial": "None"})
            own = {method.name for method in methods(cls)}
            if "clean" not in own:
                yield added_to_class(FORMS, "clean added", source, cls, _REFUSING)


def admin(source: Source, families: Families) -> Iterator[Edit]:
    """Edit a file's admin classes and their registration."""
    for cls in source.classes():
        if families.is_a(cls, "admin"):
            yield from _declared(ADMIN, source, cls, {})
            yield from decorators_removed(ADMIN, source, cls)
            if "has_add_permission" not in source.segment(cls):
                yield added_to_class(ADMIN, "has_add_permission added", source, cls, _NOBODY)
    for node in source.tree.body:
        if isinstance(node, ast.Expr) and name_of(node.value) in ("register", "unregister"):
            yield statement_dropped(ADMIN, "registration", source, node)


def _declared(
    kind: str, source: Source, cls: ast.ClassDef, flipped: dict[str, str]
) -> Iterator[Edit]:
    meta = inner_class(cls, "Meta")
    for body in (cls.body, meta.body if meta else []):
        for name, value, statement in assignments(body):
            if name != "model":
                yield statement_dropped(kind, name, source, statement)
            yield from items_removed(kind, name, source, value)
            yield from items_swapped(kind, name, source, value)
            yield from literal_changed(kind, name, source, value)
            if isinstance(value, ast.Call):
                yield from keywords_edited(kind, source, value, flipped)
    for method in methods(cls):
        yield statement_dropped(kind, "method", source, method)
        yield from decorators_removed(kind, source, method)
    yield from bases_removed(kind, source, cls)
