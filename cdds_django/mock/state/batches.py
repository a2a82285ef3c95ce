"""All batches of one mock: made, put back, forgotten."""

from __future__ import annotations

from cdds_django.mock.errors import BatchExistsError, LimitError, MockError, UnknownBatchError
from cdds_django.mock.limits import Limits
from cdds_django.mock.state.batch import Batch
from cdds_django.mock.state.rows import EMPTY_STATE, Meter, State

_LONGEST_ID = 200


class Batches:
    """Batches by id. A fork takes the state over by reference, whatever its size."""

    def __init__(self, limits: Limits) -> None:
        self.meter = Meter()
        self._limits = limits
        self._by_id: dict[str, Batch] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, batch_id: str) -> Batch | None:
        """Return a batch, None when there is none."""
        return self._by_id.get(batch_id)

    def get(self, batch_id: str) -> Batch:
        """Return a batch. Raises UnknownBatchError."""
        batch = self._by_id.get(batch_id)
        if batch is None:
            raise UnknownBatchError("batch not found")
        return batch

    def fork(self, batch_id: str, source: str | None) -> Batch:
        """Make a batch from another, or an empty one.

        Raises BatchExistsError, UnknownBatchError, LimitError, MockError.
        """
        if batch_id in self._by_id:
            raise BatchExistsError(f"batch {batch_id!r} exists already")
        if not batch_id or len(batch_id) > _LONGEST_ID or not batch_id.isprintable():
            raise MockError(
                f"a batch_id must have 1 to {_LONGEST_ID} printable characters, not {batch_id!r}"
            )
        if len(self._by_id) >= self._limits.batches:
            raise LimitError(
                f"the mock holds {self._limits.batches} batches, as many as it may; "
                "delete some, or raise its limit"
            )
        self.check_memory()
        state = EMPTY_STATE if source is None else self._source(source)
        batch = self._by_id[batch_id] = Batch(batch_id, source, state)
        return batch

    def delete(self, batch_id: str) -> None:
        """Forget a batch. Raises UnknownBatchError."""
        self.get(batch_id)
        del self._by_id[batch_id]

    def ids(self) -> tuple[str, ...]:
        """Return all ids in the order of their making."""
        return tuple(self._by_id)

    def check_memory(self) -> None:
        """Raise LimitError when the rows of all batches take as much as they may."""
        if self.meter.total > self._limits.memory_bytes:
            raise LimitError(
                f"the batches hold {self._limits.memory_bytes // 2**20} MiB, as much as they may; "
                "delete some, or raise the mock's limit"
            )

    def _source(self, source: str) -> State:
        batch = self._by_id.get(source)
        if batch is None:
            raise UnknownBatchError(f"there is no batch {source!r} to fork from")
        return batch.state
