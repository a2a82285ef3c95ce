"""A module's source cut into what runs when it is imported and the bodies of its functions.

The two change for different reasons: a function's body concerns the tests that run it, anything
else of a module (class attributes, decorators, defaults, assignments, which functions there are)
takes effect at import, whoever runs later. Digests are made from the syntax tree, so comments and
layout don't count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

# Fields that say nothing about meaning: `ctx` follows from the place in the tree, `kind` is the
# `u` of `u"text"`, `type_comment` is a comment.
_MEANINGLESS_FIELDS = frozenset({"ctx", "kind", "type_comment"})


@dataclass(frozen=True, kw_only=True)
class Symbols:
    """What one module's source consists of."""

    import_digest: str
    """Of all that takes effect when the module is imported."""
    functions: dict[str, str]
    """The digest of each function's body, by qualified name ("OrderViewSet.create")."""
    imports: tuple[str, ...]
    """Every dotted name that the module imports, at whatever depth, relative ones resolved; for
    `from a import b` both "a" and "a.b", since `b` may be a module."""


def cut(source: str | bytes, *, module: str, is_package: bool = False) -> Symbols:
    """Cut the source of `module` (its dotted name). Raises SyntaxError or ValueError as `ast`."""
    tree = ast.parse(source)
    effects: list[str] = []
    bodies: dict[str, list[str]] = {}
    _dump_import_level(tree, "", effects, bodies)
    return Symbols(
        import_digest=_digest(effects),
        functions={name: _digest(parts) for name, parts in bodies.items()},
        imports=tuple(sorted(set(_imported(tree, module, is_package)))),
    )


def _dump_import_level(
    node: ast.AST, prefix: str, effects: list[str], bodies: dict[str, list[str]]
) -> None:
    """Write the tree below `node` to `effects`, and functions' bodies to `bodies` instead."""
    if isinstance(node, _FunctionNode):
        name = f"{prefix}{node.name}"
        effects.append(f"({type(node).__name__} {node.name}")
        # A docstring is data: a parser, an API schema or the admin may show it without a call.
        effects.append(repr(ast.get_docstring(node, clean=False)))
        for part in (node.args, node.returns, *node.decorator_list, *_type_parameters(node)):
            _dump_optional(part, effects)
        effects.append(")")
        body = bodies.setdefault(name, [])
        for statement in node.body:
            _dump(statement, body)
        return
    if isinstance(node, ast.ClassDef):
        prefix = f"{prefix}{node.name}."
    effects.append(f"({type(node).__name__}")
    for field, value in ast.iter_fields(node):
        if field in _MEANINGLESS_FIELDS:
            continue
        effects.append(field)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                _dump_import_level(item, prefix, effects, bodies)
            else:
                effects.append(f"{type(item).__name__}:{item!r}")
    effects.append(")")


def _dump(node: ast.AST, out: list[str]) -> None:
    """Write the tree below `node` to `out`, such that equal text means equal trees."""
    out.append(f"({type(node).__name__}")
    for field in node._fields:
        if field in _MEANINGLESS_FIELDS:
            continue
        value = getattr(node, field, None)
        if isinstance(value, list):
            out.append("[")
            for item in value:
                _dump_optional(item, out)
            out.append("]")
        else:
            _dump_optional(value, out)
    out.append(")")


def _dump_optional(value: object, out: list[str]) -> None:
    if isinstance(value, ast.AST):
        _dump(value, out)
    else:
        # The type keeps 1, 1.0 and True apart.
        out.append(f"{type(value).__name__}:{value!r}")


def _type_parameters(node: _FunctionNode) -> list[ast.AST]:
    return getattr(node, "type_params", [])  # Python 3.12 and later


def _digest(parts: list[str]) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _imported(tree: ast.Module, module: str, is_package: bool) -> Iterator[str]:
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")
                kept = parents[: len(parents) - node.level + 1]
                base = ".".join([*kept, base] if base else kept)
            yield base
            for alias in node.names:
                yield f"{base}.{alias.name}"
