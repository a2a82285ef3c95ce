"""The one process of a host that runs tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cdds_django.runner.cluster.messages import Begin, Work
from cdds_django.runner.pool.orders import BatchAnswer, Ended, Order
from cdds_django.runner.pool.plan import WorkerPlan
from cdds_django.runner.pool.processes import LocalWorkers


class HostedWorkers(LocalWorkers):
    """As the pool of one machine has them, but sent tests by the client instead of inheriting them.

    One process at a time, with the number that its place has in the whole run.
    """

    def __init__(self, plan: WorkerPlan) -> None:
        super().__init__(plan, ())
        self._sent = b""
        self.is_busy = False
        """Whether an order is being carried out."""
        self._gone: Ended | None = None
        """What became of the process after its last order."""

    def carry_out(self, worker: int, work: Work) -> None:
        """Have the process carry out an order, a new one if that is wanted."""
        self.is_busy = True
        if work.begin is not None:
            self._gone = None
            self._begin_anew(worker, work.begin)
        if self._gone is not None:
            return
        self._sent = work.content
        self.submit(worker, Order(tests=tuple(range(work.number))))

    def answers(self, timeout_s: float) -> Iterator[BatchAnswer | Ended]:
        """Yield what there is to say of the order, as `wait`, and nothing after its end."""
        found = [self._gone] if self._gone is not None else self.wait(timeout_s)
        self._gone = None
        for event in found:
            if not self.is_busy and isinstance(event, Ended):
                # It died after its last answer. Whoever sends the next order is told.
                self._gone = event
                return
            self.is_busy = isinstance(event, BatchAnswer) and not event.is_last
            yield event

    def _begin_anew(self, worker: int, begin: Begin) -> None:
        if worker in self._processes:
            self.end(worker)
        self._generations[worker] = begin.generation - 1
        self._plan = replace(self._plan, random_seed=begin.random_seed)
        self.begin(worker)

    def _content(self, order: Order) -> bytes | None:
        return self._sent
