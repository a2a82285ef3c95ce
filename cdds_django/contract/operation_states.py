"""What each operation of a document promises, in a few hashes: for whoever calls or mocks it.

A stand-in made from a document answers with its examples, so these count here, while whatever only
people read does not.
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
    """Return `request:response:examples` hashes by operationId and by "METHOD /path".

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
    found = {}
    for row in snapshot.operations:
        state = f"{row.request_hash}:{row.response_hash}:{row.documentation_hash}"
        found[row.operation_id] = found[row.label] = state
    labels = sorted(row.label for row in snapshot.operations)
    return {ALL_OPERATIONS: digest(text_of(labels)), **found}


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
