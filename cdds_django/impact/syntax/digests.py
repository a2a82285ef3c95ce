"""Digests of syntax trees: equal for equal meaning, whatever comments and layout."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from hashlib import blake2b

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

# Fields that say nothing about meaning: `ctx` follows from the place in the tree, `kind` is the
# `u` of `u"text"`, `type_comment` is a comment.
_MEANINGLESS_FIELDS = frozenset({"ctx", "kind", "type_comment"})


def body_digest(function: FunctionNode) -> str:
    """Return the digest of what a function does when it is called."""
    out: list[str] = []
    for statement in function.body:
        _dump(statement, out, bodies=True)
    return text_digest(out)


def digest_of(nodes: Iterable[ast.AST | None]) -> str:
    """Return the digest of trees, the bodies of the functions in them left out."""
    out: list[str] = []
    for node in nodes:
        _dump_value(node, out, bodies=False)
    return text_digest(out)


def text_digest(parts: Iterable[str]) -> str:
    """Return the digest of texts in their order, as 24 hexadecimal digits."""
    text = "\0".join(parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def docstring(node: ast.AST) -> str | None:
    """Return a docstring: it is data, which a parser, an API schema or the admin may show."""
    if isinstance(node, FunctionNode | ast.ClassDef | ast.Module):
        return ast.get_docstring(node, clean=False)
    return None


def declaration(function: FunctionNode) -> list[ast.AST | None]:
    """Return the parts of a function that are evaluated where it is defined."""
    # Type parameters are there from Python 3.12 on.
    return [
        function.args,
        function.returns,
        *function.decorator_list,
        *getattr(function, "type_params", []),
    ]


def _dump(node: ast.AST, out: list[str], *, bodies: bool) -> None:
    """Write the tree below `node` to `out`, such that equal text means equal trees."""
    if not bodies and isinstance(node, FunctionNode):
        out += [f"({type(node).__name__}", node.name, repr(docstring(node))]
        for part in declaration(node):
            _dump_value(part, out, bodies=bodies)
        out.append(")")
        return
    name, fields = _shape(type(node))
    out.append(name)
    for field in fields:
        _dump_value(getattr(node, field, None), out, bodies=bodies)
    out.append(")")


def _dump_value(value: object, out: list[str], *, bodies: bool) -> None:
    # Most of a file's time goes into these: strings are the most frequent, then nodes.
    if type(value) is str:
        out.append(f"str:{value!r}")
    elif isinstance(value, ast.AST):
        _dump(value, out, bodies=bodies)
    elif isinstance(value, list):
        out.append("[")
        for item in value:
            _dump_value(item, out, bodies=bodies)
        out.append("]")
    else:
        # The type keeps 1, 1.0 and True apart.
        out.append(f"{type(value).__name__}:{value!r}")


_SHAPES: dict[type[ast.AST], tuple[str, tuple[str, ...]]] = {}


def _shape(kind: type[ast.AST]) -> tuple[str, tuple[str, ...]]:
    """Return how a kind of node begins, and its fields that say something."""
    if kind not in _SHAPES:
        fields = tuple(field for field in kind._fields if field not in _MEANINGLESS_FIELDS)
        _SHAPES[kind] = (f"({kind.__name__}", fields)
    return _SHAPES[kind]
