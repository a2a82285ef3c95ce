"""Running a suite: what comes before its tests, where they run, and what came of them."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
import unittest
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

from cdds_django.conf import settings
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import Recording
from cdds_django.runner.coverage import owners
from cdds_django.runner.databases.preparing import PreparedDatabases
from cdds_django.runner.databases.reset import resetting
from cdds_django.runner.isolation.batches import batch_id
from cdds_django.runner.isolation.isolate import isolate
from cdds_django.runner.outcomes.gathering import add_times, gather
from cdds_django.runner.outcomes.outcome import Execution
from cdds_django.runner.pool.board import Board
from cdds_django.runner.pool.suite import PooledSuite
from cdds_django.runner.progress.expectation import Expectation
from cdds_django.runner.progress.state import State
from cdds_django.runner.running.context import RunContext
from cdds_django.runner.running.garbage import loaded_objects_spared
from cdds_django.runner.running.observing import started_recorder, watch
from cdds_django.runner.running.pooling import wanted_pool, worker_plan
from cdds_django.runner.running.preparation import Preparation


class SuiteRun:
    """One run of a suite."""

    def __init__(self, context: RunContext, suite: unittest.TestSuite) -> None:
        self._context = context
        self._tests = cast("list[unittest.TestCase]", list(suite))
        self._suite = suite
        self._processes = 1
        self._recordings: list[Recording] = []

    def run(self) -> Execution:
        """Prepare, run, clean up."""
        context = self._context
        aliases = self._databases()
        pooled = wanted_pool(context, self._suite, aliases)
        if pooled is not None:
            self._suite, self._processes = pooled, pooled.processes
        with ExitStack() as stack:
            context.begin_recording()
            recorder = started_recorder(context, stack)
            directory = made_directory(stack)
            preparation = Preparation(context, recorder)
            prepared = preparation.make_databases(
                stack,
                aliases,
                workers=self._processes if pooled is not None else 0,
                anew=self._wants_anew(aliases),
            )
            preparation.check(aliases)
            self._recordings += preparation.recordings
            if pooled is not None:
                pooled.plan = worker_plan(context, prepared.plan, aliases, directory)
                if context.coverage is not None:
                    pooled.take_lines = context.coverage.add
            else:
                self._prepare_here(stack, prepared, recorder, directory)
            self._begin_progress(stack)
            if pooled is not None:
                context.progress.look = Board(directory).running
            result, began_at_s = self._run_tests()
            if pooled is None and recorder is not None:
                self._recordings.append(recorder.hand_over())
            return self._gather(result, began_at_s)

    def _databases(self) -> Mapping[str, bool]:
        """Return which databases are used, and whether their content is serialized."""
        runner: Any = self._context.runner
        return cast("Mapping[str, bool]", runner.get_databases(self._suite))

    def _wants_anew(self, aliases: Mapping[str, bool]) -> bool:
        """Whether databases from earlier runs don't do."""
        context = self._context
        if context.options.create_db:
            return True
        if aliases and context.misses_lines_of_databases:
            context.runner.log("Test databases are made to measure what making them covers.")
            return True
        return False

    def _prepare_here(
        self,
        stack: ExitStack,
        prepared: PreparedDatabases,
        recorder: Recorder | None,
        directory: Path,
    ) -> None:
        """Make this process one that runs tests."""
        stack.callback(resetting(prepared.here))
        with recorder.muted() if recorder is not None else contextlib.nullcontext():
            stack.callback(self._isolate(directory))
        watch(self._context, stack, recorder)

    def _isolate(self, directory: Path) -> Callable[[], None]:
        return isolate(
            1,
            batch=self._batch_id,
            directory=directory,
            with_caches=settings.isolate_caches,
            with_files=settings.isolate_media,
        )

    @property
    def _batch_id(self) -> str:
        """This process's."""
        return batch_id(self._context.run_id, 1)

    def _begin_progress(self, stack: ExitStack) -> None:
        context = self._context
        rounds = context.options.repeat
        expectation = Expectation(
            [test.id() for test in self._tests],
            durations_s=context.durations_s,
            set_ups_s=context.set_ups_s,
            workers=self._processes,
            rounds=rounds,
        )
        total = len(self._tests) * rounds
        stack.callback(context.progress.end)
        context.progress.begin(State(total=total, workers=self._processes, expectation=expectation))

    def _run_tests(self) -> tuple[Any, float]:
        """Return the result, and when the tests began, in seconds since the epoch."""
        context = self._context
        began_at_s, started = time.time(), time.perf_counter()
        with loaded_objects_spared():
            result = context.runner.run_suite(self._suite)
        context.measure_as(owners.ELSE)
        context.timings.run_s = time.perf_counter() - started
        return result, began_at_s

    def _gather(self, result: Any, began_at_s: float) -> Execution:
        if isinstance(self._suite, PooledSuite):
            self._recordings += self._suite.recordings
        add_times(self._context.timings, result, self._processes)
        return gather(
            result,
            self._suite,
            self._tests,
            processes=self._processes,
            recordings=self._recordings,
            batch_id=self._batch_id,
            began_at_s=began_at_s,
            failures=self._context.runner.suite_result(self._suite, result),
        )


def made_directory(stack: ExitStack, within: Path | None = None) -> Path:
    """Make a run's directory for temporary files; it goes whatever becomes of workers."""
    directory = Path(tempfile.mkdtemp(prefix="cdds-run-", dir=within))
    stack.callback(shutil.rmtree, directory, ignore_errors=True)
    return directory
