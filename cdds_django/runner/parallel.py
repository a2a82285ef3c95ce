"""The suite that runs in worker processes: it joins the pool to unittest's result."""

from __future__ import annotations

import sys
import unittest
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cdds_django.impact.records import Recording
from cdds_django.runner.board import Board
from cdds_django.runner.databases import leaves_databases_changed
from cdds_django.runner.pool import Batch, Death, Pool
from cdds_django.runner.results import FormattedError, OutcomeKeeper
from cdds_django.runner.worker import BatchAnswer, WorkerPlan


class PooledSuite(unittest.TestSuite):
    """Batches that run on a pool of workers, the longest first."""

    def __init__(self, batches: Sequence[unittest.TestSuite], processes: int) -> None:
        super().__init__()
        self.batches = tuple(
            Batch(tests=tuple(suite), suite_class=type(suite))  # type: ignore[arg-type]
            for suite in batches
        )
        self.processes = processes
        self.plan: WorkerPlan | None = None
        self.restore: Callable[[], None] = lambda: None
        self.durations_s: Mapping[str, float] = {}
        self.keep_order = False
        """Whether the order was asked for, by --shuffle or --reverse."""
        self.recordings: list[Recording] = []
        self.workers: dict[str, int] = {}
        """The worker that ran each test, by id."""

    def __iter__(self) -> Iterator[Any]:
        for batch in self.batches:
            yield from batch.tests

    def countTestCases(self) -> int:
        return sum(len(batch.tests) for batch in self.batches)

    def run(self, result: Any, debug: bool = False) -> Any:
        """Run all batches. The first Ctrl-C lets running tests end, the second ends them."""
        assert self.plan is not None, "the runner sets the plan when databases are ready"
        pool = Pool(
            self.plan,
            self.processes,
            Board(self.plan.directory),
            restore=self.restore,
            is_stopped=lambda: bool(result.shouldStop),
        )
        # Output was captured in the worker, if at all.
        result.buffer = False
        try:
            ordered = list(self.batches) if self.keep_order else self._longest_first()
            for item in pool.run(ordered):
                if isinstance(item, Death):
                    self._report_death(result, item)
                else:
                    self._replay(result, *item)
        except KeyboardInterrupt:
            # The second Ctrl-C: what has ended still counts.
            result.stop()
        return result

    def _longest_first(self) -> list[Batch]:
        """Order by recorded seconds; what is not known is taken for the average."""
        known = list(self.durations_s.values())
        average = sum(known) / len(known) if known else 1.0

        def seconds(batch: Batch) -> float:
            return sum(self.durations_s.get(test.id(), average) for test in batch.tests)

        # What empties its database comes last, as Django has it: other tests would miss the rows
        # that migrations inserted.
        return sorted(self.batches, key=lambda b: (leaves_databases_changed(b.tests), -seconds(b)))

    def _replay(self, result: OutcomeKeeper, batch: Batch, answer: BatchAnswer) -> None:
        for event in answer.events:
            result.replay(event, batch.tests)
        self.recordings.append(answer.recording)
        self.workers.update({test.id(): answer.worker for test in batch.tests})

    def _report_death(self, result: Any, death: Death) -> None:
        text = (
            f"The worker process died ({death.how}) while it was running {death.running}.\n"
            "Its other tests were run in a new process.\n"
        )
        error = (FormattedError, FormattedError(text), None)
        victims: Sequence[Any] = [test for test in death.tests if test.id() == death.running]
        holder: Any = unittest.suite._ErrorHolder(death.running)  # type: ignore[attr-defined]
        self.workers.update({test.id(): death.worker for test in death.tests})
        for victim in victims or [holder]:
            result.startTest(victim)
            result.addError(victim, error)
            result.stopTest(victim)
        sys.stderr.flush()
