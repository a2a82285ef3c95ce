"""Functions inside a function that it only gives away: what they do, it doesn't do itself.

The wrapper that a decorator gives back runs whenever the decorated function is called, not when
the decorator is applied.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from cdds_django.impact.syntax.digests import FunctionNode
from cdds_django.impact.syntax.mentions import LOOK_UPS, Scope, dotted, mentions

MOST_CALLS = 2
"""`@guarded` calls `guarded` once; `@allowed("GET")` calls `allowed`, and then what that gives."""


def names_of(tree: ast.Module, *wanted: str) -> frozenset[str]:
    """Return the names, dotted ones too, that some members of packages have in a module."""
    found: set[str] = set()
    bound: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = {alias.asname or alias.name: alias.name for alias in node.names}
            found |= {own for own, name in names.items() if f"{node.module}.{name}" in wanted}
        elif isinstance(node, ast.Import):
            found |= {
                f"{alias.asname or alias.name}.{name.removeprefix(alias.name + '.')}"
                for alias in node.names
                for name in wanted
                if name.rpartition(".")[0] == alias.name
            }
        bound += _bound(node)
    return frozenset(name for name in found if bound.count(name.partition(".")[0]) == 1)


def mentions_at_once(
    function: FunctionNode, scope: Scope, wraps: Collection[str]
) -> tuple[frozenset[str], ...]:
    """Return what a function mentions that runs when it is called once, and when it is called and
    then what it gave; nothing where that is all it mentions."""
    levels = []
    for calls in range(1, MOST_CALLS + 1):
        later = list(_left_for_later(function, calls, wraps))
        if not later:
            break
        with _emptied(later):
            levels.append(mentions(function.body, scope))
    return tuple(levels)


def times_called(decorator: ast.AST) -> int:
    """Return how often a decorator calls the function that it names, 0 where that can't be told."""
    calls = 1
    while isinstance(decorator, ast.Call):
        calls += 1
        decorator = decorator.func
    return calls if dotted(decorator) is not None else 0


def _left_for_later(
    function: FunctionNode, calls: int, wraps: Collection[str]
) -> Iterator[FunctionNode]:
    """Yield functions in another one that don't run when it, and so on what it gave, is called."""
    if isinstance(function, ast.AsyncFunctionDef):
        return
    nodes = list(_own(function.body))
    if not any(isinstance(node, FunctionNode) for node in nodes):
        return  # As in most functions; all that follows takes long.
    everything = [node for statement in function.body for node in ast.walk(statement)]
    if any(isinstance(node, ast.Name) and node.id in LOOK_UPS for node in everything):
        return
    bound = [name for n in (*everything, *ast.walk(function.args)) for name in _names_bound(n)]
    loads = [n.id for n in everything if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    given = [n for node in nodes for n in _given_away(node)]
    for node in nodes:
        if (
            isinstance(node, FunctionNode)
            and bound.count(node.name) == 1
            and loads.count(node.name) == given.count(node.name)
            and all(_is_call_of(decorator, wraps) for decorator in node.decorator_list)
        ):
            if calls == 1:
                yield node
            else:
                yield from _left_for_later(node, calls - 1, wraps)


def _own(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield all nodes of statements, but not what is inside of functions and classes."""
    pending = list(statements)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, FunctionNode | ast.ClassDef | ast.Lambda):
            pending += ast.iter_child_nodes(node)


def _given_away(node: ast.AST) -> Iterator[str]:
    """Yield the names of what a statement returns or sets an attribute of."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
        yield node.value.id
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                yield target.value.id


def _is_call_of(decorator: ast.AST, names: Collection[str]) -> bool:
    return isinstance(decorator, ast.Call) and dotted(decorator.func) in names


def _names_bound(node: ast.AST) -> Iterator[str]:
    yield from _bound(node)
    if isinstance(node, ast.Global | ast.Nonlocal):
        yield from node.names


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node itself binds."""
    if isinstance(node, FunctionNode | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name


@contextmanager
def _emptied(functions: Iterable[FunctionNode]) -> Iterator[None]:
    """Have functions without bodies for a while."""
    bodies = [(function, function.body) for function in functions]
    for function, _ in bodies:
        function.body = []
    try:
        yield
    finally:
        for function, body in bodies:
            function.body = body
