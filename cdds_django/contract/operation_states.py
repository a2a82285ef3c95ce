"""What each operation of a document promises, in a few hashes: for whoever calls or mocks it.

A stand-in made from a document answers with its examples, so these count here, while whatever only
people read does not. It also takes paths for collections and their resources, so it may behave
otherwise where an operation on the path above or on the resource below came or went.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdds_django.contract.collector import paused
from cdds_django.contract.documents import check_version, parse
from cdds_django.contract.hashing import digest
from cdds_django.contract.literals import JsonObject, text_of
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.contract.snapshot_rows import Snapshot
from cdds_django.contract.snapshot_text import snapshot_from
from cdds_django.errors import ContractError

WHOLE, ALL_OPERATIONS = "", "*"
"""In place of an operation: the document as far as it says where the service is; and which
operations there are."""

_PROSE = frozenset({"description", "summary", "title"})
_VALUES = frozenset({"const", "default", "enum", "example", "examples"})


def operation_states(content: bytes, origin: str) -> dict[str, str]:
    """Return `request:response:examples:related` hashes by operationId and by "METHOD /path".

    `content` is an OpenAPI document or one of our snapshots; `origin` is named in errors. Raises
    ContractError, StateFileError.
    """
    with paused():
        document = parse(content, origin)
        if "schema" in document and "operations" in document:
            snapshot, servers = snapshot_from(document, origin), None
        else:
            check_version(document, origin)
            snapshot = snapshot_of(_without_prose(document, origin), origin)
            servers = document.get("servers")
    return {WHOLE: digest(text_of(servers)), **_states(snapshot)}


def _states(snapshot: Snapshot) -> Mapping[str, str]:
    found, by_path = {}, _by_path(snapshot)
    for row in snapshot.operations:
        related = digest(text_of(_related(row.path, by_path)))
        hashes = (row.request_hash, row.response_hash, row.documentation_hash, related)
        found[row.operation_id] = found[row.label] = ":".join(hashes)
    labels = sorted(row.label for row in snapshot.operations)
    return {ALL_OPERATIONS: digest(text_of(labels)), **found}


def _by_path(snapshot: Snapshot) -> dict[str, list[str]]:
    """Return the labels of operations by path, and by their path without a last parameter."""
    found: dict[str, list[str]] = {}
    for row in snapshot.operations:
        path = row.path.rstrip("/")
        found.setdefault(path, []).append(row.label)
        above, _, last = path.rpartition("/")
        if last.startswith("{"):
            found.setdefault(f"{above}/*", []).append(row.label)
    return found


def _related(path: str, by_path: Mapping[str, list[str]]) -> list[str]:
    """Return the labels of the operations on a path, above it, and on the resource below it."""
    path = path.rstrip("/")
    labels = list(by_path.get(f"{path}/*", ()))
    while path:
        labels += by_path.get(path, ())
        path = path.rpartition("/")[0]
    return sorted(labels)


def _without_prose(document: JsonObject, origin: str) -> JsonObject:
    """Return a copy that keeps of its documentation what machines can use."""
    try:
        return {key: _copy(value) for key, value in document.items() if key != "info"}
    except RecursionError:
        raise ContractError(f"{origin} is nested too deeply to be read.") from None


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: inner if key in _VALUES else _copy(inner)
            for key, inner in value.items()
            # A property may have such a name: then there is a schema, not a text.
            if not (key in _PROSE and isinstance(inner, str))
        }
    if isinstance(value, list):
        return [_copy(inner) for inner in value]
    return value
