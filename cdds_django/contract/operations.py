"""The operations of an OpenAPI document: one method on one path each, with an id of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cdds_django.contract.literals import JsonObject
from cdds_django.contract.references import (
    UnusableDocumentError,
    list_at,
    object_at,
    target_of,
)

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The fields of a path item that are operations (OpenAPI 3.1, section 4.8.9)."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation, as its document writes it."""

    operation_id: str
    """Unique in the document: as written there, derived where it is missing or not unique."""
    written_id: str | None
    """The operationId in the document, None when it has none."""
    method: str
    """In capitals."""
    path: str
    source: JsonObject
    """The operation object of the document."""
    parameters: tuple[Any, ...]
    """Parameter objects or references to them, those of the path item first."""
    security: list[Any]
    """Security requirements: the operation's own, or else the document's."""
    servers: list[Any]
    """Servers of the operation or of its path item; those of the whole document aren't here."""


def operations_of(document: JsonObject) -> list[Operation]:
    """Return the operations of `document` in the order of paths, then methods.

    Raises UnusableDocumentError for anything that isn't shaped as OpenAPI asks.
    """
    return _with_ids(list(_operations(document, object_at(document, "paths"))))


def webhooks_of(document: JsonObject) -> list[Operation]:
    """Return the operations under `webhooks` of `document` (OpenAPI 3.1), by name and method.

    They have no path: `path` is their name. Raises UnusableDocumentError.
    """
    return _with_ids(list(_operations(document, object_at(document, "webhooks"))))


def _with_ids(found: list[Operation]) -> list[Operation]:
    uses = Counter(operation.written_id for operation in found)
    found = [
        operation
        if operation.written_id and uses[operation.written_id] == 1
        else _renamed(operation)
        for operation in found
    ]
    return sorted(found, key=lambda operation: (operation.path, operation.method))


def id_warnings(operations: list[Operation]) -> list[str]:
    """Return a sentence for each operationId that several of `operations` share."""
    users: dict[str, list[str]] = {}
    for operation in operations:
        if operation.written_id:
            users.setdefault(operation.written_id, []).append(
                f"{operation.method} {operation.path}"
            )
    return [
        f"operationId {written_id!r} is used by {', '.join(labels)}; each is named by its method "
        "and path as well. Give each operation an id of its own."
        for written_id, labels in sorted(users.items())
        if len(labels) > 1
    ]


def derived_id(method: str, path: str) -> str:
    """Return the id of an operation without one: `GET /api/events/{id}/` is `get_api_events_id`."""
    words = re.findall(r"[A-Za-z0-9]+", path)
    return "_".join([method.lower(), *words])


def _renamed(operation: Operation) -> Operation:
    derived = derived_id(operation.method, operation.path)
    if operation.written_id:
        derived = f"{operation.written_id}.{derived}"
    return replace(operation, operation_id=derived)


def _operations(document: JsonObject, items: JsonObject) -> Iterator[Operation]:
    for path, item in items.items():
        if path.startswith("x-"):
            continue
        if item is None:
            continue
        path_item = target_of(document, item, "a path item")
        for method in METHODS:
            if method in path_item:
                yield _operation(document, path, path_item, method)


def _operation(document: JsonObject, path: str, path_item: JsonObject, method: str) -> Operation:
    source = path_item[method]
    if not isinstance(source, dict):
        raise UnusableDocumentError(path_item, f"the operation {method} must be an object.")
    written_id = source.get("operationId")
    if written_id is not None and not isinstance(written_id, str):
        raise UnusableDocumentError(source, "operationId must be a string.")
    security = source if "security" in source else document
    servers = source if "servers" in source else path_item
    return Operation(
        operation_id=written_id or "",
        written_id=written_id or None,
        method=method.upper(),
        path=path,
        source=source,
        parameters=(*list_at(path_item, "parameters"), *list_at(source, "parameters")),
        security=list_at(security, "security"),
        servers=list_at(servers, "servers"),
    )
