"""The suite that runs in worker processes: it joins the pool to unittest's result."""

from __future__ import annotations

import sys
import unittest
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cdds_django.impact.records import Recording
from cdds_django.runner.databases import leaves_databases_changed
from cdds_django.runner.pool.dispatch import Death, Pool
from cdds_django.runner.pool.orders import BatchAnswer, Order
from cdds_django.runner.pool.plan import WorkerPlan
from cdds_django.runner.pool.processes import LocalWorkers
from cdds_django.runner.pool.schedule import Group, durations_of, schedule
from cdds_django.runner.pool.splitting import may_split
from cdds_django.runner.results import FormattedError, OutcomeKeeper


class PooledSuite(unittest.TestSuite):
    """Tests that run on a pool of workers, the longest classes first."""

    def __init__(self, batches: Sequence[unittest.TestSuite], processes: int) -> None:
        super().__init__()
        self.tests: list[unittest.TestCase] = []
        self.classes: list[tuple[int, ...]] = []
        """The tests of each class, by their places in `tests`."""
        for batch in batches:
            begin = len(self.tests)
            self.tests.extend(batch)  # type: ignore[arg-type]
            self.classes.append(tuple(range(begin, len(self.tests))))
        self.processes = processes
        self.plan: WorkerPlan | None = None
        self.refresh: Callable[[int], None] = lambda worker: None
        self.durations_s: Mapping[str, float] = {}
        self.set_ups_s: Mapping[str, float] = {}
        """What setting up each class took, by its dotted name."""
        self.keep_order = False
        """Whether the order was asked for, by --shuffle or --reverse."""
        self.recordings: list[Recording] = []
        self.workers: dict[str, int] = {}
        """The worker that ran each test, by id."""
        self.batch_ids: dict[str, str] = {}

    def __iter__(self) -> Iterator[Any]:
        yield from self.tests

    def countTestCases(self) -> int:
        return len(self.tests)

    def run(self, result: Any, debug: bool = False) -> Any:
        """Run all tests. The first Ctrl-C lets running ones end, the second ends them."""
        assert self.plan is not None, "the runner sets the plan when databases are ready"
        pool = Pool(
            LocalWorkers(self.plan, self.tests),
            self.processes,
            self.tests,
            refresh=self.refresh,
            is_stopped=lambda: bool(result.shouldStop),
        )
        # Output was captured in the worker, if at all.
        result.buffer = False
        try:
            for item in pool.run(self._orders()):
                if isinstance(item, Death):
                    self._report_death(result, item)
                else:
                    self._replay(result, *item)
        except KeyboardInterrupt:
            # The second Ctrl-C: what has ended still counts.
            result.stop()
        return result

    def _orders(self) -> list[Order]:
        if self.keep_order:
            return [Order(tests=tests) for tests in self.classes]
        groups = [self._group(tests) for tests in self.classes]
        return [Order(tests=group.tests) for group in schedule(groups, self.processes)]

    def _group(self, places: tuple[int, ...]) -> Group:
        tests = [self.tests[place] for place in places]
        cls = type(tests[0])
        ids = [test.id() for test in tests]
        set_up_s = self.set_ups_s.get(f"{cls.__module__}.{cls.__qualname__}")
        is_known = set_up_s is not None and all(test in self.durations_s for test in ids)
        return Group(
            tests=places,
            seconds=durations_of(ids, self.durations_s),
            set_up_s=set_up_s or 0.0,
            may_split=is_known and may_split(cls, tests),
            # What empties its database comes last, as Django has it: other tests would miss the
            # rows that migrations inserted.
            is_late=leaves_databases_changed(tests),
        )

    def _replay(self, result: OutcomeKeeper, order: Order, answer: BatchAnswer) -> None:
        tests = [self.tests[place] for place in order.tests]
        for event in answer.events:
            result.replay(event, tests)
        self.recordings.append(answer.recording)
        for test in tests:
            self.workers[test.id()] = answer.worker
            self.batch_ids[test.id()] = answer.batch_id

    def _report_death(self, result: Any, death: Death) -> None:
        ended = death.ended
        text = (
            f"The worker process died ({ended.how}) while it was running {ended.running}.\n"
            f"Its other tests were run in a new process.\n{ended.stack}"
        )
        error = (FormattedError, FormattedError(text), None)
        tests: Sequence[Any] = [self.tests[place] for place in death.tests]
        victims = [test for test in tests if test.id() == ended.running]
        holder: Any = unittest.suite._ErrorHolder(ended.running)  # type: ignore[attr-defined]
        self.workers.update({test.id(): ended.worker for test in tests})
        for victim in victims or [holder]:
            result.startTest(victim)
            result.addError(victim, error)
            result.stopTest(victim)
        sys.stderr.flush()
