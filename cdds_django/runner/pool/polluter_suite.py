"""The suite of `--find-polluter`: it runs one test again and again, after others."""

from __future__ import annotations

import unittest
from collections.abc import Sequence
from typing import Any

from cdds_django.runner.flaky.polluters import Verdict, find_polluters
from cdds_django.runner.outcomes.events import FAILURES, Event
from cdds_django.runner.outcomes.results import FormattedError
from cdds_django.runner.pool.dispatch import Death, Pool
from cdds_django.runner.pool.orders import Order
from cdds_django.runner.pool.suite import PooledSuite


class PolluterSuite(PooledSuite):
    """The last of its tests is the one in question; the others ran before it."""

    def __init__(self, batches: Sequence[unittest.TestSuite], processes: int) -> None:
        super().__init__(batches, processes)
        self.verdict = Verdict()
        self._failure = ""
        self._result: Any = None

    def orders(self, round_number: int = 0) -> list[Order]:
        """Return as many as there are tests: so many may be tried at once."""
        return [Order(tests=(place,)) for place in range(len(self.tests))]

    def run(self, result: Any, debug: bool = False) -> Any:
        """Search, and report the test as failed if it ever did."""
        self._result = result
        result.buffer = False
        *earlier, target = range(len(self.tests))
        try:
            self.verdict = find_polluters(earlier, self._fails, at_once=self.processes)
        except KeyboardInterrupt:
            result.stop()
            return result
        test = self.tests[target]
        result.startTest(test)
        if self._failure:
            result.addFailure(test, (FormattedError, FormattedError(self._failure), None))
        else:
            result.addSuccess(test)
        result.stopTest(test)
        return result

    def _fails(self, sequences: Sequence[Sequence[int]]) -> Sequence[bool]:
        assert self.plan is not None, "the runner sets the plan when databases are ready"
        if self._result.shouldStop:
            raise KeyboardInterrupt
        target = len(self.tests) - 1
        pool = Pool(
            self.open_workers(self.plan),
            self.processes,
            self.tests,
            is_stopped=lambda: bool(self._result.shouldStop),
        )
        orders = [
            Order(tests=(*sequence, target), is_fresh=True, number=number)
            for number, sequence in enumerate(sequences)
        ]
        found = [False] * len(orders)
        for item in pool.run(orders):
            if isinstance(item, Death):
                if target in item.tests:
                    found[item.order.number] = True
                    self._failure = f"Its worker process died ({item.ended.how})."
            else:
                order, answer = item
                if failure := self._failure_in(answer.events, order):
                    found[order.number] = True
                    self._failure = failure
        return found

    def _failure_in(self, events: Sequence[Event], order: Order) -> str:
        cls = type(self.tests[-1])
        fixtures = (f"({cls.__module__}.{cls.__qualname__})", f"({cls.__module__})")
        for event in events:
            is_meant = event.place == len(order.tests) - 1 or (
                event.place is None and event.subject.endswith(fixtures)
            )
            if is_meant and event.name in FAILURES:
                return str(event.value or "It passed unexpectedly.")
        return ""
