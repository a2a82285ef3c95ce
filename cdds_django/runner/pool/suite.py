"""The suite that runs in worker processes: it joins the pool to unittest's result."""

from __future__ import annotations

import sys
import unittest
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from cdds_django.impact.records import Recording
from cdds_django.runner.coverage.points import Measured
from cdds_django.runner.databases.reset import leaves_databases_changed
from cdds_django.runner.flaky.attempts import Attempts
from cdds_django.runner.flaky.repeating import shuffled
from cdds_django.runner.outcomes.events import FAILURES, Event
from cdds_django.runner.outcomes.results import OutcomeKeeper
from cdds_django.runner.pool.deaths import report_death
from cdds_django.runner.pool.dispatch import Death, Pool
from cdds_django.runner.pool.orders import BatchAnswer, Order, Workers, WorkersLostError
from cdds_django.runner.pool.plan import WorkerPlan
from cdds_django.runner.pool.processes import LocalWorkers
from cdds_django.runner.pool.schedule import Group, durations_of, schedule, together
from cdds_django.runner.pool.splitting import may_split
from cdds_django.runner.progress.progress import Progress

_MAX_KEPT_ORDERS = 200
"""Of how many failing tests it is kept what ran before. More have another cause."""


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
        self.open_workers: Callable[[WorkerPlan], Workers] = lambda plan: LocalWorkers(
            plan, self.tests
        )
        """Returns the places where orders run."""
        self.durations_s: Mapping[str, float] = {}
        self.set_ups_s: Mapping[str, float] = {}
        """What setting up each class took, by its dotted name."""
        self.keep_order = False
        """Whether the order was asked for, by --shuffle or --reverse."""
        self.shortest_order_s = 0.0
        """Classes that take less time than this share an order with others."""
        self.retries = 0
        self.rounds = 1
        """How often each test runs; if more than once, shuffled by `shuffle_seed`."""
        self.shuffle_seed = 0
        self.attempts = Attempts(0, self.tests)
        self._untold: dict[tuple[int, ...], Callable[[], None]] = {}
        """What is to be told of failures if they aren't tried again after all, by tests."""
        self.progress = Progress()
        self.recordings: list[Recording] = []
        self.take_lines: Callable[[Measured, Mapping[str, str]], None] = lambda *_: None
        """Is handed what workers measured: see `CoverageSession.add`."""
        self.workers: dict[str, int] = {}
        """The worker that ran each test, by id."""
        self.batch_ids: dict[str, str] = {}
        self.earlier: dict[str, list[str]] = {}
        """For tests that failed, those that the same process had run before, in order."""
        self._ran: dict[str, list[str]] = {}
        """The tests that each worker of this round ran, in order, by batch id."""

    def __iter__(self) -> Iterator[Any]:
        yield from self.tests

    def countTestCases(self) -> int:
        return len(self.tests)

    def run(self, result: Any, debug: bool = False) -> Any:
        """Run all tests. The first Ctrl-C lets running ones end, the second ends them."""
        assert self.plan is not None, "the runner sets the plan when databases are ready"
        self.attempts = Attempts(self.retries, self.tests)
        # Output was captured in the worker, if at all.
        result.buffer = False
        try:
            for number in range(self.rounds):
                self._run_round(number, self.plan, result)
                if result.shouldStop:
                    break
        except KeyboardInterrupt:
            # The second Ctrl-C: what has ended still counts.
            result.stop()
        except WorkersLostError as error:
            print(error, file=sys.stderr)
            result.stop()
        return result

    def _run_round(self, number: int, plan: WorkerPlan, result: Any) -> None:
        self._ran.clear()
        seed = plan.random_seed
        plan = replace(plan, random_seed=None if seed is None else seed + number)
        pool = Pool(
            self.open_workers(plan),
            self.processes,
            self.tests,
            is_stopped=lambda: bool(result.shouldStop),
            on_turn=lambda running: self.progress.turn(
                running, is_stopping=bool(result.shouldStop)
            ),
        )
        try:
            for item in pool.run(self.orders(number)):
                if isinstance(item, Death):
                    pool.add_first(self._take_death(result, item))
                else:
                    pool.add_first(self._take_answer(result, *item))
        finally:
            for tell in self._untold.values():
                tell()  # The run was stopped before it could try again.
            self._untold.clear()
        if self.rounds > 1:
            result.end_round(self.tests)

    def orders(self, round_number: int = 0) -> list[Order]:
        """Return what goes to workers, in that order."""
        if self.rounds > 1:
            mixed = shuffled(self.classes, seed=self.shuffle_seed, round_number=round_number)
            mixed.sort(key=self._is_late)
            return [Order(tests=tests) for tests in mixed]
        if self.keep_order:
            return [Order(tests=tests) for tests in self.classes]
        groups = [self._group(tests) for tests in self.classes]
        parts = schedule(groups, self.processes)
        if self.shortest_order_s:
            parts = together(parts, self.shortest_order_s, self.processes)
        return [Order(tests=part.tests) for part in parts]

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
            is_late=self._is_late(places),
        )

    def _is_late(self, places: Sequence[int]) -> bool:
        """Whether these tests come after others, as Django has it.

        They empty their database, and others would miss the rows that migrations inserted. Where
        databases are brought back, nobody has to wait.
        """
        if self.plan is not None and self.plan.forks.are_brought_back:
            return False
        return leaves_databases_changed([self.tests[place] for place in places])

    def _take_answer(
        self, result: OutcomeKeeper, order: Order, answer: BatchAnswer
    ) -> Iterator[Order]:
        """Tell what came of an order; yield what is to run again before that is sure."""
        self._untold.pop(order.tests, None)
        events, retries = self.attempts.sort_out(order, answer.events)
        self._replay(result, order, events)
        self.recordings.append(answer.recording)
        self.take_lines(answer.lines, answer.tracers)
        ids = [self.tests[place].id() for place in order.tests]
        self._note_order(ids, answer)
        done = ids[answer.first : answer.done]
        self.workers.update(dict.fromkeys(done, answer.worker))
        self.batch_ids.update(dict.fromkeys(done, answer.batch_id))
        for retry in retries:
            # A retry counts the places of its tests anew; these events have those of the order.
            self._untold[retry.order.tests] = partial(self._replay, result, order, retry.events)
            yield retry.order

    def _note_order(self, ids: Sequence[str], answer: BatchAnswer) -> None:
        before = self._ran.setdefault(answer.batch_id, [])
        for event in answer.events:
            if event.name in FAILURES and len(self.earlier) < _MAX_KEPT_ORDERS:
                # A fixture's failure is one of all its tests.
                failed = ids if event.place is None else [ids[event.place]]
                for test in failed:
                    place = event.place or 0
                    self.earlier.setdefault(test, [*before, *ids[answer.first : place]])
        before.extend(ids[answer.first : answer.done])

    def _replay(self, result: OutcomeKeeper, order: Order, events: Iterable[Event]) -> None:
        tests = [self.tests[place] for place in order.tests]
        for event in events:
            result.replay(event, tests)

    def _take_death(self, result: OutcomeKeeper, death: Death) -> Iterator[Order]:
        self._untold.pop(death.tests, None)
        tests = [self.tests[place] for place in death.tests]
        ids = [test.id() for test in tests]
        self.workers.update(dict.fromkeys(ids, death.ended.worker))
        self.batch_ids.update(dict.fromkeys(ids, death.ended.batch_id))
        self.attempts.count(death.tests)
        tell = partial(report_death, result, death.ended, tests)
        if not tests or not self.attempts.may_try(death.tests):
            tell()
            return
        self.attempts.keep_failure(death.tests, f"Its worker process died ({death.ended.how}).")
        self._untold[death.tests] = tell
        yield Order(tests=death.tests, is_fresh=True)
