"""Which annotations of a function somebody may read."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from cdds_django.impact.syntax.digests import FunctionNode
from cdds_django.impact.syntax.mentions import called

_PROPERTIES = frozenset({"property", "cached_property", "functools.cached_property"})
_BLIND = frozenset(
    {"staticmethod", "classmethod", "contextmanager", "contextlib.contextmanager", "override"}
    | {"transaction.atomic", "atomic", "abstractmethod", "abc.abstractmethod"}
)
"""Decorators, as they are mostly written, that don't look at annotations."""
_FOUND_BY_NAME = ("get_", "resolve_")
"""What names begin with by which libraries find functions, to ask what they return."""


def annotations_read(
    node: FunctionNode, annotations: Sequence[ast.AST | None]
) -> list[ast.AST | None]:
    """Return those of a function's `annotations` that a decorator or a library may read."""
    decorators = {called(decorator) or "" for decorator in node.decorator_list}
    if decorators - _BLIND - _PROPERTIES:
        return [*annotations]
    if decorators & _PROPERTIES or node.name.startswith(_FOUND_BY_NAME):
        return [node.returns]
    return []
