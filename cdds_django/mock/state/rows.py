"""What a batch holds, all of it immutable: a state is kept, shared and put back by reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cdds_django.mock.messages import MockResponse
from cdds_django.mock.state.ordered import OrderedMap

_OVERHEAD = 600
"""Bytes that a row takes besides its texts, measured for a row of eight fields."""


class Meter:
    """How many bytes all rows take together, by an estimate."""

    __slots__ = ("total",)

    def __init__(self) -> None:
        self.total = 0


class Row:
    """One resource. Never changed: a write makes another."""

    __slots__ = ("_meter", "bodies", "key", "number", "size", "value")

    def __init__(self, key: str, number: int, value: Mapping[str, Any], meter: Meter) -> None:
        self.key = key
        """Its id, as a path has it."""
        self.number = number
        """Counts the rows of its collection from 1."""
        self.value = value
        """All that is known of it, fields included that no answer shows."""
        self.bodies: dict[object, bytes] = {}
        """Its JSON by the shape that answers give it: written once, sent many times."""
        self.size = 0
        self._meter = meter

    def keep(self, shape: object, body: bytes) -> None:
        """Keep the JSON of this row in `shape`."""
        self.bodies[shape] = body
        added = 3 * len(body) + (0 if self.size else _OVERHEAD)
        self.size += added
        self._meter.total += added

    def __del__(self) -> None:
        self._meter.total -= self.size


class Table(NamedTuple):
    """The rows of one collection below one parent."""

    rows: OrderedMap[str, Row] = OrderedMap()
    last_number: int = 0
    """The number of the row made last."""
    closed: bool = False
    """Whether rows that aren't here don't exist, though clients can't make them: a seed said
    which ones there are."""
    removed: frozenset[str] = frozenset()
    """Keys that were deleted of rows that nobody had made."""


TableKey = tuple[str, tuple[str, ...]]
"""The collection's path and the ids of its parents."""


class Reply(NamedTuple):
    """The answer to a request with an `Idempotency-Key`, for when it comes again."""

    request: bytes
    """A digest of the request's body."""
    response: MockResponse


class State(NamedTuple):
    """All that a batch remembers, calls apart."""

    tables: OrderedMap[TableKey, Table] = OrderedMap()
    replies: OrderedMap[tuple[str, str], Reply] = OrderedMap()
    """By operationId and key."""
    ticks: int = 0
    """Seconds since the clock's start: one for each write."""


EMPTY_STATE = State()
EMPTY_TABLE = Table()
