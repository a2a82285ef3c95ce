"""Routes as a trie: from a path to the operations on it, whatever their number."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")

_PARAMETER = re.compile(r"\{([^{}]*)\}")

Accepts = Callable[[str], bool]
"""Whether a text can be the value of a path parameter."""


class Route(Generic[T]):
    """One path with the operations on it."""

    __slots__ = ("operations",)

    def __init__(self) -> None:
        self.operations: dict[str, T] = {}
        """By method, in capitals."""


class _Node(Generic[T]):
    __slots__ = ("mixed", "parameter", "route", "static")

    def __init__(self) -> None:
        self.static: dict[str, _Node[T]] = {}
        self.mixed: list[tuple[re.Pattern[str], _Node[T]]] = []
        """Segments such as `{name}.json`, most literal text first."""
        self.parameter: list[tuple[Accepts | None, _Node[T]]] = []
        """Segments that are one parameter; those that take only some texts come first."""
        self.route: Route[T] | None = None


def names_in(template: str) -> tuple[str, ...]:
    """Return the names of the parameters of a path, in their order."""
    return tuple(_PARAMETER.findall(template))


class Routes(Generic[T]):
    """All paths of a document.

    A segment written out wins over one with a parameter (OpenAPI 3.1, section 4.8.8.2), and where
    a way ends nowhere, the next one is tried: `/a/b/c` matches `/a/{x}/c` beside `/a/b`.
    """

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self.by_template: dict[str, Route[T]] = {}

    def add(self, template: str, accepts: Callable[[str], Accepts | None]) -> Route[T]:
        """Return the route of `template`, such as `/orders/{id}/`, made if it isn't there yet.

        `accepts` gives the test of a parameter's values by its name, None where all are fine.
        """
        if template in self.by_template:
            return self.by_template[template]
        node = self._root
        for segment in template.split("/")[1:]:
            node = _below(node, segment, accepts)
        # Templates that differ in names alone are one path.
        route = node.route = node.route or Route()
        self.by_template[template] = route
        return route

    def find(self, path: str) -> tuple[Route[T], tuple[str, ...]] | None:
        """Return the route of `path` (percent-encoded) and its parameters' decoded values."""
        segments = path.split("/")[1:]
        values: list[str] = []
        node = _walk(self._root, segments, 0, values)
        if node is None or node.route is None:
            return None
        return node.route, tuple(values)


def _below(node: _Node[T], segment: str, accepts: Callable[[str], Accepts | None]) -> _Node[T]:
    names = _PARAMETER.findall(segment)
    if not names:
        return node.static.setdefault(unquote(segment), _Node())
    if segment == f"{{{names[0]}}}":
        test = accepts(names[0])
        for known, child in node.parameter:
            if known is test:
                return child
        child = _Node()
        node.parameter.append((test, child))
        node.parameter.sort(key=lambda pair: pair[0] is None)
        return child
    pattern = re.compile(
        "".join(
            "([^/]+)" if index % 2 else re.escape(part)
            for index, part in enumerate(_PARAMETER.split(segment))
        )
    )
    for known_pattern, child in node.mixed:
        if known_pattern.pattern == pattern.pattern:
            return child
    child = _Node()
    node.mixed.append((pattern, child))
    node.mixed.sort(key=lambda pair: -len(pair[0].pattern))
    return child


def _walk(node: _Node[T], segments: list[str], at: int, values: list[str]) -> _Node[T] | None:
    if at == len(segments):
        return node if node.route is not None else None
    raw = segments[at]
    segment = unquote(raw) if "%" in raw else raw
    static = node.static.get(segment)
    if static is not None:
        found = _walk(static, segments, at + 1, values)
        if found is not None:
            return found
    mark = len(values)
    for pattern, child in node.mixed:
        match = pattern.fullmatch(segment)
        if match:
            values.extend(match.groups())
            found = _walk(child, segments, at + 1, values)
            if found is not None:
                return found
            del values[mark:]
    if not segment:
        return None
    refused = None
    for accepts, child in node.parameter:
        if accepts is not None and not accepts(segment):
            refused = refused or child
            continue
        values.append(segment)
        found = _walk(child, segments, at + 1, values)
        if found is not None:
            return found
        del values[mark:]
    if refused is not None:
        # Nothing else fits: it is this path, and a parameter that breaks the contract.
        values.append(segment)
        found = _walk(refused, segments, at + 1, values)
        if found is not None:
            return found
        del values[mark:]
    return None
