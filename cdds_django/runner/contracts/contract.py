"""The contract as a test run needs it: names and hashes of operations, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cdds_django.errors import ConfigurationError
from cdds_django.impact.sources.routes import shape_of_operation

if TYPE_CHECKING:
    from cdds_django.contract.snapshot_rows import Snapshot

# The contract's modules are imported where they are used: most runs select nothing and use none.


class ContractView:
    """The committed snapshot where there is one. Nothing is read or built before it is asked for.

    Every property may raise StateFileError for a snapshot that can't be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._base: Snapshot | None = None

    @cached_property
    def committed(self) -> Snapshot | None:
        """The committed snapshot, or None."""
        from cdds_django.contract.snapshot_file import read_snapshot

        return read_snapshot(self._path) if self._path.exists() else None

    @cached_property
    def current(self) -> Snapshot:
        """The contract as the code has it now. Raises ContractError."""
        from cdds_django.contract.sources import snapshot_of_project

        return snapshot_of_project()

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """The hash of each committed operation, by operationId."""
        if self.committed is None:
            return {}
        return {
            row.operation_id: f"{row.request_hash}:{row.response_hash}"
            for row in self.committed.operations
        }

    def ids_by_shape(self) -> Mapping[str, str]:
        """Return the operationId by shape ("GET /api/events/{}/"), of all contracts read so far."""
        known = [self._base, self.__dict__.get("current"), self.committed]
        return {
            shape_of_operation(row.method, row.path): row.operation_id
            for snapshot in known
            if snapshot is not None
            for row in snapshot.operations
        }

    def differing(self, base: str) -> frozenset[str]:
        """Return the operations that differ between a snapshot and the code as it is.

        `base` is a path or `git:REV`. An operation is given by its operationId and by its method
        and path, since `@covers` takes either. Raises ContractError or StateFileError.
        """
        from cdds_django.contract.diff import diff
        from cdds_django.contract.sources import snapshot_at

        before = self._base = snapshot_at(base, self._path)
        affected = diff(before, self.current).affected
        names = set(affected)
        for snapshot in (before, self.current):
            rows = (snapshot.by_id.get(operation_id) for operation_id in affected)
            names.update(row.label for row in rows if row is not None)
        return frozenset(names)

    def named(self, names: tuple[str, ...]) -> Mapping[str, str]:
        """Return method and path of the operations that a person named, by operationId.

        Raises ConfigurationError for a name that isn't one, with those most like it.
        """
        snapshot = self.committed or self.current
        found = {}
        for name in names:
            row = snapshot.find(name)
            if row is None:
                nearest = snapshot.nearest(name)
                hint = f" Did you mean {' or '.join(map(repr, nearest))}?" if nearest else ""
                where = self._path if self.committed is not None else "the project's schema"
                raise ConfigurationError(f"--operation {name!r}: not in {where}.{hint}")
            found[row.operation_id] = row.label
        return found
