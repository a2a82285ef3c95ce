"""The names that a piece of code mentions, as far as they may lead to something of the project.

A mention is written in one of four ways: `models.Order` is a name in the module's own scope with
the attributes that follow it, `:shop.models.Order` one that a function imports itself,
`::shop.models.Order` what an import statement names, and `'shop.models.Order` a string that may
name something (with a dot at its end, whatever comes below). What is assigned to, deleted or has a
method called that changes it is mentioned once more, as `=timezone.now`.
A mention that leads nowhere does no harm, so shadowing isn't looked into: a parameter that bears a
module's name counts as the module's.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cdds_django.impact.syntax.digests import FunctionNode

ABSOLUTE, IMPORTED, STRING, ASSIGNED = ":", "::", "'", "="
OWN_MODULE = "<module>"
"""Mentioned by code that looks names of its module up by computed names."""
SUBCLASSES = "<subclasses>"
"""Mentioned by code that asks a class for its subclasses."""

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_MAX_PARTS = 6
_MAX_STRING = 200
_NAMING_STRING = re.compile(r"[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*)*\.?")
_BUILTINS = frozenset(dir(builtins))
_CHANGING_METHODS = frozenset(
    {"add", "add_to_class", "append", "clear", "discard", "extend", "insert", "pop", "popitem"}
    | {"remove", "setdefault", "sort", "update"}
)
LOOK_UPS = frozenset({"globals", "vars", "locals", "eval", "exec", "__name__"})


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is known of the module that a piece of code stands in."""

    module: str
    """Its dotted name."""
    is_package: bool
    bound: frozenset[str]
    """The names that it binds."""
    has_star: bool
    """Whether it imports all names of some other module."""

    @property
    def is_migration(self) -> bool:
        return ".migrations." in self.module

    def absolute(self, node: ast.ImportFrom) -> str:
        """Return the dotted name of the module that a statement imports from."""
        base = node.module or ""
        if not node.level:
            return base
        package = self.module if self.is_package else self.module.rpartition(".")[0]
        parents = package.split(".")
        kept = parents[: len(parents) - node.level + 1]
        return ".".join([*kept, base] if base else kept)


def mentions(nodes: Iterable[ast.AST | None], scope: Scope) -> frozenset[str]:
    """Return what trees mention."""
    finder = _Finder(scope)
    for node in nodes:
        if node is not None:
            finder.visit(node)
    return finder.found()


def dotted(node: ast.AST) -> str | None:
    """Return `a.b.c` for a chain of attributes on a name, None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)][:_MAX_PARTS])


def called(node: ast.AST) -> str | None:
    """Return the name of what a decorator or a call statement calls.

    `a.b` for `@a.b`, `@a.b(1)` and `@a.b(1)(2)`; with `a().b()`, it is what gives the object: `a`.
    """
    while isinstance(node, ast.Await | ast.Call | ast.Attribute | ast.Subscript | ast.Starred):
        chain = dotted(node)
        if chain is not None:
            return chain
        node = node.func if isinstance(node, ast.Call) else node.value
    return dotted(node)


class _Finder(ast.NodeVisitor):
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._chains: set[str] = set()
        self._assigned: set[str] = set()
        self._strings: set[str] = set()
        self._local: dict[str, set[str]] = {}
        self._imported: set[str] = set()

    def found(self) -> frozenset[str]:
        found = {f"{STRING}{text}" for text in self._strings}
        found |= {f"{IMPORTED}{name}" for name in self._imported}
        for chain in self._chains:
            root, _, rest = chain.partition(".")
            if chain.endswith(".__subclasses__"):
                found.add(SUBCLASSES)
            found |= {
                f"{ABSOLUTE}{target}.{rest}" if rest else f"{ABSOLUTE}{target}"
                for target in self._local.get(root, ())
            }
            if self._is_in_scope(root):
                found.add(chain)
            elif root in LOOK_UPS or chain == "sys.modules":
                found.add(OWN_MODULE)
        for chain in self._assigned:
            root, _, rest = chain.partition(".")
            names = [f"{ABSOLUTE}{target}" for target in self._local.get(root, ())]
            names += [root] if self._is_in_scope(root) else []
            found |= {f"{ASSIGNED}{name}.{rest}".rstrip(".") for name in names}
        return frozenset(found)

    def _is_in_scope(self, root: str) -> bool:
        return root in self._scope.bound or (self._scope.has_star and root not in _BUILTINS)

    def visit_Name(self, node: ast.Name) -> None:
        self._chains.add(node.id)

    def _assign(self, node: ast.AST) -> None:
        chain = dotted(node) or called(node)
        if chain is not None:
            self._assigned.add(chain)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._assign(node.value)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in _CHANGING_METHODS:
            self._assign(function.value)
        elif isinstance(function, ast.Name) and function.id in ("setattr", "delattr") and node.args:
            self._assign(node.args[0])
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._assign(node)
        chain = dotted(node)
        if chain is None:
            self.generic_visit(node)
        else:
            self._chains.add(chain)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and len(node.value) <= _MAX_STRING:
            self._add_string(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # A docstring names nothing.
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else name
            self._local.setdefault(name, set()).add(target)
            self._imported.add(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self._scope.absolute(node)
        for alias in node.names:
            self._imported.add(f"{base}.{alias.name}")
            self._local.setdefault(alias.asname or alias.name, set()).add(f"{base}.{alias.name}")

    def _add_string(self, text: str) -> None:
        match = _NAMING_STRING.fullmatch(text)
        if match is None:
            return
        # A bare word may be a class of the same app, or whatever the module itself binds;
        # migrations name models in lower case.
        if (
            "." in text
            or text[0].isupper()
            or text in self._scope.bound
            or self._scope.is_migration
        ):
            self._strings.add(text.replace(":", "."))


def imported_names(tree: ast.AST, scope: Scope) -> Iterator[str]:
    """Yield every dotted name that a module imports, at whatever depth.

    For `from a import b` both "a" and "a.b", since `b` may be a module.
    """
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = scope.absolute(node)
            yield base
            for alias in node.names:
                yield f"{base}.{alias.name}"


def bound_names(tree: ast.Module) -> tuple[frozenset[str], bool]:
    """Return the names that a module binds outside functions and classes, and if it has a star."""
    found: set[str] = set()
    has_star = False
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, FunctionNode | ast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                has_star |= alias.name == "*"
                found.add(alias.asname or alias.name.partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Lambda):
            continue
        pending += ast.iter_child_nodes(node)
    for node in _statements(tree):
        if isinstance(node, ast.Global):
            found.update(node.names)
    return frozenset(found), has_star


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements at whatever depth. `ast.walk` would go through expressions as well,
    which are most of a tree."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield node
        for field in _BLOCKS:
            pending += getattr(node, field, ())
