"""What operators ask of a syntax tree."""

import ast
import re
from collections.abc import Iterator

_NUMBER = re.compile(r"[0-8][\d.]*$")
"""Texts that are read as numbers, and where a letter would be an error of another kind."""

Assignment = ast.Assign | ast.AnnAssign
Display = ast.List | ast.Tuple | ast.Set


def name_of(node: ast.AST) -> str:
    """Return the last name of a name, attribute or call: `action` of `decorators.action()`."""
    if isinstance(node, ast.Call | ast.Subscript):
        return name_of(node.func if isinstance(node, ast.Call) else node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def base_names(cls: ast.ClassDef) -> list[str]:
    """Return the last names of a class's bases."""
    return [name for base in cls.bases if (name := name_of(base))]


def assignments(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr, Assignment]]:
    """Yield name, value and statement of the assignments to one name directly in a body."""
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        if isinstance(target, ast.Name):
            yield target.id, value, node


def methods(cls: ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield a class's own methods."""
    for node in cls.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def inner_class(cls: ast.ClassDef, name: str) -> ast.ClassDef | None:
    """Return a class inside a class, such as Meta."""
    for node in cls.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    return None


def is_docstring(node: ast.AST) -> bool:
    """Tell whether a statement is nothing but a text."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def changed_literal(node: ast.expr) -> str | None:
    """Return another value of the same type for a literal, as source; None for other nodes."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = changed_literal(node.operand)
        return inner and f"-{inner}"
    if not isinstance(node, ast.Constant):
        return None
    value = node.value
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, int | float):
        return repr(value + 1)
    if isinstance(value, str):
        return repr(str(int(value[0]) + 1) + value[1:] if _NUMBER.match(value) else value + "x")
    if isinstance(value, bytes):
        return repr(value + b"x")
    return None
