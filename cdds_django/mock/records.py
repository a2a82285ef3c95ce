"""What the mock tells of itself: calls and batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

Observer = Callable[[str, int, float, int], None]
"""Is called after each contract request with the operationId (empty where path or method name
none), the status, the seconds the core took and the number of violations. Must be quick."""


class Call(NamedTuple):
    """One contract request of a batch."""

    number: int
    """Counts the calls of the batch from 1."""
    operation_id: str
    """Empty when path and method name no operation."""
    method: str
    path: str
    """As on the wire, without the query."""
    query: str
    status: int
    violations: int
    """How many violations of the contract the request had."""
    messages: tuple[str, ...] = ()
    """The first of these, in words: also where the contract left no room for them in the answer."""


@dataclass(frozen=True, kw_only=True)
class BatchDetails:
    """A batch as it is now."""

    batch_id: str
    source: str | None
    """The batch it was forked from, None when it began empty or from a seed of its own."""
    calls: int
    """Calls since the fork or the last reset."""
    operations: Mapping[str, int]
    """Calls by operationId."""
    rows: Mapping[str, int]
    """Rows by collection, such as `/venues/{slug}/sections/`; those of nested collections are
    counted over all parents."""
    written_bytes: int
    """An estimate of what the batch holds beyond what it shares with its source."""
    snapshots: tuple[str, ...]
    """Names, the latest last."""
    clock: str
    """The batch's own time, RFC 3339."""
