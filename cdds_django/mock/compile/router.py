"""From method and path to the operation of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

from cdds_django.mock.compile.operations import CompiledOperation
from cdds_django.mock.compile.routes import Accepts, Routes

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """What a method and a path lead to."""

    target: T | None
    """None where the path, or the method on it, isn't known."""
    values: tuple[str, ...] = ()
    """Of the path parameters, decoded, in their order."""
    allowed: tuple[str, ...] = ()
    """The methods that the path has, where it is another's fault."""


class Router(Generic[T]):
    """Routes of one document, with and without the paths of its servers before them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._routes: Routes[T] = Routes()
        self._prefixes = _prefixes(document)

    def add(self, operation: CompiledOperation, target: T) -> None:
        """Let requests to `operation` lead to `target`. Raises UnusableDocumentError."""
        route = self._routes.add(operation.path, _acceptance(operation))
        route.operations[operation.method] = target

    def find(self, method: str, path: str) -> Match[T]:
        """Return what `method` on `path` (percent-encoded) leads to."""
        found = self._routes.find(path)
        if found is None:
            for prefix in self._prefixes:
                if path.startswith(f"{prefix}/"):
                    found = self._routes.find(path.removeprefix(prefix))
                    if found is not None:
                        break
        if found is None:
            return Match(None)
        route, values = found
        target = route.operations.get(method)
        if target is None:
            return Match(None, values, tuple(sorted(route.operations)))
        return Match(target, values)


def _acceptance(operation: CompiledOperation) -> Callable[[str], Accepts | None]:
    """Return how to tell by its text that a path parameter can't be meant: integers alone."""
    typed: dict[str, Accepts | None] = {}

    def of(name: str) -> Accepts | None:
        if not typed:
            typed[""] = None
            for parameter in operation.written_path_parameters():
                schema = parameter.get("schema")
                kind = schema.get("type") if isinstance(schema, dict) else None
                typed[str(parameter.get("name"))] = _is_integer if kind == "integer" else None
        return typed.get(name)

    return of


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _prefixes(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths of the servers, longest first."""
    found = set()
    for server in document.get("servers") or ():
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            path = urlsplit(url).path.rstrip("/")
            if path and "{" not in path:
                found.add(path)
    return tuple(sorted(found, key=len, reverse=True))
