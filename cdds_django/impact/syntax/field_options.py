"""Options of a model's field that neither its table nor stored objects depend on.

Only what validates a value or shows the field to people reads them: forms, serializers, the admin,
`full_clean()`, `get_status_display()`, and who looks into `_meta`.
"""

from __future__ import annotations

import ast
from copy import copy
from typing import Any

# Of what Django's schema editor leaves out of account (`Field.non_db_attrs`), those that the ORM
# doesn't read either. https://docs.djangoproject.com/en/stable/ref/models/fields/
_DESCRIPTIVE = frozenset(
    {"blank", "choices", "db_comment", "editable", "error_messages", "help_text"}
    | {"validators", "verbose_name"}
)


# A field in a migration is there for its column. What goes by a relation's name in functions that
# migrations run can't be applied any more, which every test with a database shows.
_DESCRIPTIVE_IN_MIGRATIONS = _DESCRIPTIVE | frozenset(
    {"limit_choices_to", "related_name", "related_query_name", "serialize"}
)


def without_descriptions(node: ast.AST, *, in_migration: bool) -> ast.AST | None:
    """Return a copy of a tree without its fields' descriptive options, None if it has none."""
    options = _DESCRIPTIVE_IN_MIGRATIONS if in_migration else _DESCRIPTIVE
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and _is_field(part)]
    if not any(keyword.arg in options for call in calls for keyword in call.keywords):
        return None
    bare = _bare(node, options)
    assert isinstance(bare, ast.AST)
    return bare


def _bare(value: Any, options: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_bare(item, options) for item in value]
    if not isinstance(value, ast.AST):
        return value
    new = copy(value)
    for name, part in ast.iter_fields(value):
        setattr(new, name, _bare(part, options))
    if isinstance(new, ast.Call) and _is_field(new):
        new.keywords = [keyword for keyword in new.keywords if keyword.arg not in options]
    return new


def _is_field(call: ast.Call) -> bool:
    """Whether a call makes a field, by its name."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name.endswith(("Field", "ForeignKey"))
