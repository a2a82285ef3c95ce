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


def without_descriptions(node: ast.AST) -> ast.AST | None:
    """Return a copy of a tree without its fields' descriptive options, None if it has none."""
    if not any(_is_field(part) and any(map(_describes, part.keywords)) for part in _calls(node)):
        return None
    bare = _bare(node)
    assert isinstance(bare, ast.AST)
    return bare


def _calls(node: ast.AST) -> list[ast.Call]:
    return [part for part in ast.walk(node) if isinstance(part, ast.Call)]


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, ast.AST):
        return value
    new = copy(value)
    for name, part in ast.iter_fields(value):
        setattr(new, name, _bare(part))
    if isinstance(new, ast.Call) and _is_field(new):
        new.keywords = [keyword for keyword in new.keywords if not _describes(keyword)]
    return new


def _is_field(call: ast.Call) -> bool:
    """Whether a call makes a field, by its name."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name.endswith(("Field", "ForeignKey"))


def _describes(keyword: ast.keyword) -> bool:
    return keyword.arg in _DESCRIPTIVE
