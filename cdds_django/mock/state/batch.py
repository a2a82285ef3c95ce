"""One batch: a state of its own, its calls, and what was asked to go wrong in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from cdds_django.mock.errors import UnknownBatchError
from cdds_django.mock.faults import Fault
from cdds_django.mock.records import BatchDetails, Call
from cdds_django.mock.schemas.violations import Violation
from cdds_django.mock.state.rows import EMPTY_TABLE, Row, State, Table, TableKey
from cdds_django.mock.values.clock import EPOCH, instant_at

_MESSAGES = 20
"""How many violations of a call are kept in words."""


class Batch:
    """The present state of a batch. Many are held, so nothing is made before it is used."""

    __slots__ = (
        "batch_id",
        "call_count",
        "calls",
        "faults",
        "operations",
        "origin",
        "snapshots",
        "source",
        "state",
        "written",
    )

    def __init__(self, batch_id: str, source: str | None, state: State) -> None:
        self.batch_id = batch_id
        self.source = source
        self.state = state
        self.origin = state
        """What a reset goes back to."""
        self.written = 0
        """Bytes of the rows written here, by the same estimate as the meter's."""
        self.calls: deque[Call] | None = None
        self.call_count = 0
        self.operations: dict[str, int] | None = None
        self.snapshots: dict[str, State] | None = None
        self.faults: list[Fault] | None = None

    def record(
        self, operation_id: str, request_line: tuple[str, str, str], status: int,
        violations: Sequence[Violation], kept: int,
    ) -> None:  # fmt: skip
        """Write a call down; `request_line` is method, path and query."""
        if self.calls is None:
            self.calls = deque(maxlen=kept)
            self.operations = {}
        self.call_count += 1
        if operation_id:
            assert self.operations is not None
            self.operations[operation_id] = self.operations.get(operation_id, 0) + 1
        messages = tuple([violation.message for violation in violations[:_MESSAGES]])
        counted = self.call_count, operation_id, *request_line, status, len(violations)
        self.calls.append(Call(*counted, messages))

    def take_fault(self, operation_id: str) -> Fault | None:
        """Return what is to go wrong in a request to an operation; one that is used up is gone."""
        for index, fault in enumerate(self.faults or ()):
            if fault.operation_id not in (None, operation_id):
                continue
            if fault.times is not None and self.faults:
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self.faults = [*self.faults[:index], *left, *self.faults[index + 1 :]]
            return fault
        return None

    @property
    def instant(self) -> str:
        """The batch's own time, RFC 3339."""
        return instant_at(EPOCH + self.state.ticks)

    def table(self, key: TableKey) -> Table:
        """Return a table, an empty one if nothing was written to it."""
        return self.state.tables.get(key) or EMPTY_TABLE

    def put_table(self, key: TableKey, table: Table) -> None:
        """Set a table; the clock moves on."""
        state = self.state
        self.state = State(state.tables.with_entry(key, table), state.replies, state.ticks + 1)

    def put_row(self, key: TableKey, row: Row) -> None:
        """Set a row in its place, or at the end if its key is new."""
        table = self.table(key)
        self.written += row.size
        self.put_table(
            key,
            Table(
                table.rows.with_entry(row.key, row),
                max(table.last_number, row.number),
                table.closed,
                table.removed - {row.key} if table.removed else table.removed,
            ),
        )

    def remove_row(self, key: TableKey, row_key: str, *, mark: bool = False) -> None:
        """Take a row away; with a `mark` that it was here, so that nobody implies it again."""
        table = self.table(key)
        removed = table.removed | {row_key} if mark else table.removed
        self.put_table(key, table._replace(rows=table.rows.without(row_key), removed=removed))

    def reset(self) -> None:
        """Go back to the fork; calls and faults are forgotten, snapshots are kept."""
        self.state = self.origin
        self.written = 0
        self.calls = self.operations = self.faults = None
        self.call_count = 0

    def snapshot(self, name: str) -> None:
        """Keep the present state."""
        if self.snapshots is None:
            self.snapshots = {}
        self.snapshots.pop(name, None)
        self.snapshots[name] = self.state

    def restore(self, name: str) -> None:
        """Go back to a snapshot. Raises UnknownBatchError, naming those there are."""
        known = self.snapshots or {}
        if name not in known:
            names = ", ".join(map(repr, known)) or "none"
            raise UnknownBatchError(
                f"batch {self.batch_id!r} has no snapshot {name!r}; it has: {names}"
            )
        self.state = known[name]

    def details(self) -> BatchDetails:
        """Return what people ask about a batch."""
        rows: dict[str, int] = {}
        for (collection, _), table in self.state.tables.items():
            rows[collection] = rows.get(collection, 0) + len(table.rows)
        return BatchDetails(
            batch_id=self.batch_id,
            source=self.source,
            calls=self.call_count,
            operations=dict(self.operations or {}),
            rows=rows,
            written_bytes=self.written,
            snapshots=tuple(self.snapshots or ()),
            clock=self.instant,
        )
