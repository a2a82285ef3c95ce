"""The pool's workers on a cluster."""

from __future__ import annotations

import sys
import unittest
from collections.abc import Sequence

from cdds_django.runner.cluster.messages import Begin, Stop, Work, packed
from cdds_django.runner.cluster.places import Gone, Place, Places
from cdds_django.runner.isolation.batches import batch_id
from cdds_django.runner.pool.orders import BatchAnswer, Ended, Order
from cdds_django.runner.pool.plan import WorkerPlan
from cdds_django.runner.pool.processes import pickled


class ClusterWorkers:
    """See `orders.Workers`. Each round of a run has its own; the places stay."""

    def __init__(
        self, places: Places, plan: WorkerPlan, tests: Sequence[unittest.TestCase]
    ) -> None:
        self._places = places
        self._plan = plan
        self._tests = tests
        self._to_begin: set[int] = set()
        self._at_work: set[int] = set()
        self._is_stopping = False

    def has_place(self, worker: int) -> bool:
        place = self._places.by_number.get(worker)
        return place is not None and place.is_ready and place.asked is None

    def begin(self, worker: int) -> None:
        self._to_begin.add(worker)

    def submit(self, worker: int, order: Order) -> None:
        self._at_work.add(worker)
        place = self._places.by_number[worker]
        tests = [self._tests[i] for i in order.tests]
        begin = None
        if worker in self._to_begin or not place.has_worker:
            self._to_begin.discard(worker)
            self._places.generations[worker] += 1
            begin = Begin(
                generation=self._places.generations[worker], random_seed=self._plan.random_seed
            )
            place.has_worker = True
        message = Work(content=pickled(tests), number=len(tests), begin=begin)
        self._places.ask(place, packed(message), _task(tests))

    def wait(self, timeout_s: float) -> list[BatchAnswer | Ended]:
        found: list[BatchAnswer | Ended] = []
        for event in self._places.events(timeout_s):
            if isinstance(event, Gone):
                found += self._gone(event)
            else:
                found += self._told(*event)
        return found

    def _told(self, place: Place, answer: BatchAnswer | Ended) -> list[BatchAnswer | Ended]:
        self._places.has_run()
        if isinstance(answer, Ended):
            place.has_worker = False
        elif not answer.is_last:
            self._places.ask(place, None, place.task)
            return [answer]
        self._at_work.discard(place.number)
        return [answer]

    def _gone(self, event: Gone) -> list[Ended]:
        worker = event.place.number
        if worker not in self._at_work:
            return []
        self._at_work.discard(worker)
        print(f"Worker {worker} is no more: {event.how}. Its tests run elsewhere.", file=sys.stderr)
        batch = batch_id(self._plan.run, worker, self._places.generations[worker])
        return [Ended(worker=worker, running="", how=event.how, batch_id=batch, is_unknown=True)]

    def end(self, worker: int) -> None:
        """Do nothing: its place ends it when the next one begins."""

    def ask_to_stop(self) -> None:
        if not self._is_stopping:
            self._is_stopping = True
            self._places.tell_all(packed(Stop()))

    def close(self, *, at_once: bool = False) -> None:
        if at_once:
            self._places.end_all()


def _task(tests: Sequence[unittest.TestCase]) -> str:
    """Return what Dask's dashboard shows while these run."""
    cls = type(tests[0])
    others = len({type(test) for test in tests}) - 1
    more = f" and {others} more" if others else ""
    # What comes after a hyphen is no part of a name there.
    return f"{cls.__module__}.{cls.__qualname__}{more}".replace("-", "_")
