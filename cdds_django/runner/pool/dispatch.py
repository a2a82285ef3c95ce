"""Handing orders to workers, and going on when one of them dies.

Only the dead worker is replaced: on the same number, with a new fork of its databases. What it had
not answered for goes to another worker, without the test that it died of.
"""

from __future__ import annotations

import time
import unittest
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cdds_django.errors import CddsError
from cdds_django.runner.pool.board import as_written
from cdds_django.runner.pool.orders import BatchAnswer, Ended, Order, Workers
from cdds_django.runner.progress.state import Running

_MAX_IDLE_DEATHS = 3
"""How many workers may die, for each that there should be, before any of them comes to a test."""
_UNEXPLAINED_DEATHS = 2
"""After how many deaths that nobody can explain the tests of an order run one by one."""
_POLL_S = 0.2
"""How long Ctrl-C may go unnoticed."""


@dataclass(frozen=True, kw_only=True)
class Death:
    """A worker died while it was running something."""

    ended: Ended
    order: Order
    tests: tuple[int, ...]
    """The tests that can't be run because of it, by their places."""


class Pool:
    """Has orders carried out by a number of workers, in the order given."""

    def __init__(
        self,
        workers: Workers,
        number: int,
        tests: Sequence[unittest.TestCase],
        *,
        is_stopped: Callable[[], bool],
        on_turn: Callable[[Sequence[Running]], None] = lambda running: None,
    ) -> None:
        """`is_stopped` says whether the run is to end early.

        `on_turn` is told several times in a second what all workers run.
        """
        self._on_turn = on_turn
        self._workers = workers
        self._numbers = range(1, number + 1)
        self._tests = tests
        self._is_stopped = is_stopped
        self._queue: deque[Order] = deque()
        self._running: dict[int, Order] = {}
        self._since_s: dict[int, float] = {}
        self._done: dict[int, int] = {}
        """How many tests of its order each worker has answered for."""
        self._present: set[int] = set()
        self._used: set[int] = set()
        """Those present that have run something."""
        self._idle_deaths = 0

    def add_first(self, orders: Iterable[Order]) -> None:
        """Put orders in front of those that wait."""
        self._queue.extendleft(reversed(list(orders)))

    def run(self, orders: Iterable[Order]) -> Iterator[tuple[Order, BatchAnswer] | Death]:
        """Yield answers as they come, of orders or of parts of them, and each worker's death.

        Raises CddsError where workers can't be started at all.
        """
        self._queue.extend(orders)
        try:
            while self._queue or self._running:
                if self._is_stopped():
                    # Running orders end after their present test.
                    self._queue.clear()
                    self._workers.ask_to_stop()
                self._hand_out()
                self._on_turn(self._now_running())
                for event in self._workers.wait(_POLL_S):
                    if isinstance(event, Ended):
                        yield from self._bury(event)
                    else:
                        self._idle_deaths = 0
                        yield self._running[event.worker], event
                        if event.is_last:
                            del self._running[event.worker]
                        self._done[event.worker] = event.done
        except BaseException:
            self._workers.close(at_once=True)
            raise
        self._workers.close()

    def _now_running(self) -> list[Running]:
        return [
            Running(worker, class_name(self._tests[order.tests[0]]), self._since_s[worker])
            for worker, order in sorted(self._running.items())
        ]

    def _hand_out(self) -> None:
        for worker in self._numbers:
            is_free = worker not in self._running and self._workers.has_place(worker)
            if not self._queue or not is_free:
                continue
            order = self._queue.popleft()
            if order.is_fresh and worker in self._used & self._present:
                self._workers.end(worker)
                self._present.discard(worker)
            if worker not in self._present:
                self._workers.begin(worker)
                self._present.add(worker)
            self._workers.submit(worker, order)
            self._used.add(worker)
            self._running[worker] = order
            self._since_s[worker] = time.monotonic()
            self._done[worker] = 0

    def _bury(self, ended: Ended) -> Iterator[Death]:
        order = self._running.pop(ended.worker, None)
        self._present.discard(ended.worker)
        if ended.is_unknown and order is not None:
            order, ended = self._suspected(order, ended)
            if order is None:
                return
        if not ended.running and not ended.is_unknown:
            self._idle_deaths += 1
            if self._idle_deaths >= _MAX_IDLE_DEATHS * len(self._numbers):
                raise CddsError(
                    f"Worker processes die before they run a test ({ended.how}). "
                    f"Pass --parallel=1 to see why.{ended.stack}"
                )
        victims: tuple[int, ...] = ()
        if order is not None:
            if ended.running:
                found = tuple(i for i in order.tests if was_running(self._tests[i], ended.running))
                # Whatever it was, it would happen again.
                victims = found or order.tests[self._done[ended.worker] :]
            undone = order.tests[self._done[ended.worker] :]
            left = tuple(i for i in undone if i not in victims)
            if left and not self._is_stopped():
                self._queue.appendleft(replace(order, tests=left))
        if ended.running:
            self._idle_deaths = 0
            yield Death(ended=ended, order=order or Order(tests=()), tests=victims)

    def _suspected(self, order: Order, ended: Ended) -> tuple[Order | None, Ended]:
        """Have an order run again whose worker is gone, nobody knows why.

        A machine may go away for any reason, so the first time blames nobody. The second time its
        tests run one by one; the one that takes a third worker along is what they died of. Return
        that, as what it was running, or no order where all of it runs again.
        """
        undone = order.tests[self._done[ended.worker] :]
        if order.deaths >= _UNEXPLAINED_DEATHS and len(undone) == 1:
            return order, replace(ended, running=self._tests[undone[0]].id())
        again = replace(order, tests=undone, deaths=order.deaths + 1)
        if again.deaths >= _UNEXPLAINED_DEATHS:
            self.add_first(replace(again, tests=(test,)) for test in undone)
        elif undone:
            self.add_first([again])
        return None, ended


def was_running(test: unittest.TestCase, running: str) -> bool:
    """Whether `running`, from the board, names the test or a fixture of its class or module."""
    cls = type(test)
    place = class_name(test)
    return running in map(
        as_written,
        (
            test.id(),
            f"setUpClass ({place})",
            f"tearDownClass ({place})",
            f"setUpModule ({cls.__module__})",
            f"tearDownModule ({cls.__module__})",
        ),
    )


def class_name(test: unittest.TestCase) -> str:
    """Return the dotted name of a test's class."""
    return f"{type(test).__module__}.{type(test).__qualname__}"
