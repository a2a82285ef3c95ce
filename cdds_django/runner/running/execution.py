"""Running a suite: databases, isolation and recording around it, in one process or in many."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import random
import shutil
import tempfile
import time
import unittest
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.db import connections
from django.test.runner import DiscoverRunner, partition_suite_by_case
from django.urls import get_resolver

from cdds_django.conf import settings
from cdds_django.errors import ConfigurationError
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import CHECKED, Recording
from cdds_django.impact.sources.catalogue import SOURCES
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.choice.loading import DeltaLoader
from cdds_django.runner.coverage import owners
from cdds_django.runner.databases.preparing import PreparedDatabases, prepared_databases
from cdds_django.runner.databases.reset import resetting
from cdds_django.runner.databases.wanted import Wanted
from cdds_django.runner.isolation.batches import batch_id
from cdds_django.runner.isolation.isolate import isolate
from cdds_django.runner.options import Options
from cdds_django.runner.outcomes.gathering import add_times, gather
from cdds_django.runner.outcomes.outcome import Execution, Timings
from cdds_django.runner.pool.board import Board
from cdds_django.runner.pool.plan import WorkerPlan, database_state
from cdds_django.runner.pool.polluter_suite import PolluterSuite
from cdds_django.runner.pool.sizing import can_use_workers, processes_for
from cdds_django.runner.pool.suite import PooledSuite
from cdds_django.runner.progress.expectation import Expectation
from cdds_django.runner.progress.progress import Progress
from cdds_django.runner.progress.state import State
from cdds_django.runner.progress.watching import ProgressPart
from cdds_django.runner.running import suites, watching

if TYPE_CHECKING:
    from cdds_django.runner.coverage.session import CoverageSession


class SuiteRun:
    """One run of a suite."""

    def __init__(
        self,
        runner: DiscoverRunner,
        suite: unittest.TestSuite,
        *,
        options: Options,
        loader: DeltaLoader,
        session: ImpactSession | None,
        coverage: CoverageSession | None,
        run_id: str,
        timings: Timings,
        progress: Progress,
    ) -> None:
        self._runner = runner
        self._options = options
        self._loader = loader
        self._run_id = run_id
        self._timings = timings
        # Nobody knows how many runs of tests it takes to find a polluter.
        self._progress = Progress() if options.find_polluter else progress
        self._session = session
        self._tests = cast("list[unittest.TestCase]", list(suite))
        self._suite = suite
        self._processes = 1
        self._recordings: list[Recording] = []
        self._coverage = coverage
        self._directory = Path()
        asked = runner.shuffle_seed
        self._shuffle_seed = random.randrange(10**9) if asked is None else asked

    def run(self) -> Execution:
        """Prepare, run, clean up."""
        runner = self._runner
        aliases = cast(Any, runner).get_databases(self._suite)
        self._split(aliases)
        workers = self._processes if isinstance(self._suite, PooledSuite) else 0
        with ExitStack() as stack:
            recorder = self._start_recorder(stack)
            self._directory = self._make_directory(stack)
            prepared = self._prepare(stack, aliases, workers, recorder)
            self._check(aliases, recorder)
            if isinstance(self._suite, PooledSuite):
                self._suite.plan = self._worker_plan(aliases, prepared)
                if self._coverage is not None:
                    self._suite.take_lines = self._coverage.add
            else:
                stack.callback(resetting(prepared.here))
                with recorder.muted() if recorder is not None else contextlib.nullcontext():
                    stack.callback(self._isolate())
                self._watch(stack, recorder)
            self._begin_progress(stack)
            if isinstance(self._suite, PooledSuite):
                self._progress.look = Board(self._directory).running
            started = time.perf_counter()
            began_at_s = time.time()
            result = runner.run_suite(self._suite)
            self._measure_as(owners.ELSE)
            self._timings.run_s = time.perf_counter() - started
            return self._gather(result, recorder, began_at_s)

    def _make_directory(self, stack: ExitStack) -> Path:
        """Make the run's directory for temporary files; it goes whatever becomes of workers."""
        directory = Path(tempfile.mkdtemp(prefix="cdds-run-"))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        return directory

    def _prepare(
        self,
        stack: ExitStack,
        aliases: Mapping[str, bool],
        workers: int,
        recorder: Recorder | None,
    ) -> PreparedDatabases:
        """Make the databases, and keep what did so as what every test depends on."""
        self._measure_as(owners.DATABASES)
        prepared = self._prepare_databases(stack, aliases, workers, recorder)
        if self._coverage is not None:
            self._coverage.databases_made = not prepared.reused
        self._measure_as(owners.ELSE)
        if recorder is not None:
            recorder.share()
            self._keep_preparation(prepared, recorder.hand_over())
            with recorder.muted():
                load_urls()
        return prepared

    def _check(self, aliases: Mapping[str, bool], recorder: Recorder | None) -> None:
        """Run Django's system checks. Tests don't depend on these; whether the checks pass does."""
        self._runner.run_checks(set(aliases))
        if recorder is not None:
            recorder.share(settings_as=CHECKED)
            self._recordings.append(recorder.hand_over())

    def _prepare_databases(
        self,
        stack: ExitStack,
        aliases: Mapping[str, bool],
        workers: int,
        recorder: Recorder | None,
    ) -> PreparedDatabases:
        started = time.perf_counter()
        anew = self._options.create_db
        if aliases and not anew and self._misses_lines_of_databases():
            self._runner.log("Test databases are made to measure what making them covers.")
            anew = True
        prepared = stack.enter_context(
            prepared_databases(
                aliases,
                runner=self._runner,
                wanted=Wanted.of(
                    settings,
                    keep=self._runner.keepdb,
                    anew=anew,
                    workers=workers,
                ),
                tree=self._tree(),
                recorder=recorder,
            )
        )
        self._timings.database_s = time.perf_counter() - started
        return prepared

    def _misses_lines_of_databases(self) -> bool:
        """Whether the report would lack lines of migrations if the databases were there.

        Where nothing is recorded, no run would know them after this one.
        """
        return (
            self._coverage is not None
            and self._options.coverage
            and self._options.record
            and not self._coverage.knows_databases
        )

    def _tree(self) -> SourceTree:
        if self._session is not None:
            return self._session.tree
        return SourceTree.of(settings.root, settings.sources)

    def _keep_preparation(self, prepared: PreparedDatabases, seen: Recording) -> None:
        """Make all tests depend on what made the databases, also when that was an earlier run.

        Whether a database was there, from a run before, made no difference.
        """
        assert self._session is not None, "only recorded runs come here"
        files = {self._session.tree.key(os.path.abspath(path)) for path in prepared.files()}
        made_by = Recording(shared=prepared.prepared_by)
        for recording in (*prepared.recordings, seen, made_by):
            shared = frozenset(one for one in recording.shared if one.key not in files)
            self._recordings.append(replace(recording, shared=shared))

    def _worker_plan(self, aliases: Mapping[str, bool], prepared: PreparedDatabases) -> WorkerPlan:
        runner, options = self._runner, self._options
        # System checks may have connected; the first worker's database is this process's, too.
        connections.close_all()
        return WorkerPlan(
            run=self._run_id,
            directory=self._directory,
            forks=prepared.plan,
            debug_mode=runner.debug_mode,
            # With retries, the parent alone knows whether a test has failed.
            failfast=runner.failfast and not (options.retries or options.find_polluter),
            buffer=runner.buffer,
            tree=self._session.tree if self._session and options.record else None,
            fast_hasher=settings.fast_hasher,
            isolate_caches=settings.isolate_caches,
            isolate_media=settings.isolate_media,
            coverage=self._coverage.plan if self._coverage is not None else None,
            time_limit_s=options.timeout_s,
            check_leftovers=options.check_leftovers,
            random_seed=settings.random_seed,
            output=self._progress.output_plan(self._directory),
            faulthandler=faulthandler.is_enabled(),
            **database_state(aliases),
        )

    def _isolate(self) -> Callable[[], None]:
        return isolate(
            1,
            batch=batch_id(self._run_id, 1),
            directory=self._directory,
            with_caches=settings.isolate_caches,
            with_files=settings.isolate_media,
        )

    def _gather(self, result: Any, recorder: Recorder | None, began_at_s: float) -> Execution:
        if isinstance(self._suite, PooledSuite):
            self._recordings += self._suite.recordings
        elif recorder is not None:
            self._recordings.append(recorder.hand_over())
        add_times(self._timings, result, self._processes)
        return gather(
            result,
            self._suite,
            self._tests,
            processes=self._processes,
            recordings=self._recordings,
            batch_id=batch_id(self._run_id, 1),
            began_at_s=began_at_s,
            failures=self._runner.suite_result(self._suite, result),
        )

    def _split(self, aliases: Mapping[str, Any]) -> None:
        """Decide between this process and a pool."""
        options, runner = self._options, self._runner
        allowed = processes_for(
            self._tests,
            aliases,
            asked=options.parallel,
            limit=settings.max_workers,
            durations_s=self._durations(),
            set_ups_s=self._set_ups(),
            log=runner.log,
        )
        is_possible = can_use_workers(aliases)
        if options.needs_workers and not is_possible:
            raise ConfigurationError(
                "--retries, --repeat and --find-polluter run tests in processes of their own, and "
                "databases of this project can't be copied for these."
            )
        suite = self._pooled(allowed)
        # Nothing can end a test that can't be interrupted but the end of its process.
        wants_workers = options.needs_workers or options.timeout_s is not None
        if suite.processes > 1 or (wants_workers and is_possible):
            self._processes = max(suite.processes, 1)
            self._suite = suite

    def _pooled(self, allowed: int) -> PooledSuite:
        """Return the tests as a suite for a pool of at most that many workers."""
        options, runner = self._options, self._runner
        kind = PolluterSuite if options.find_polluter else PooledSuite
        suite = kind(partition_suite_by_case(self._suite), allowed)
        suite.durations_s = self._durations()
        suite.keep_order = runner.shuffle is not False or runner.reverse
        suite.retries, suite.rounds = options.retries, options.repeat
        suite.set_ups_s = self._set_ups()
        suite.shuffle_seed = self._shuffle_seed
        if options.repeat > 1:
            runner.log(f"Running {options.repeat} times, shuffled by seed {self._shuffle_seed}.")
        suite.processes = min(allowed, len(suite.orders()))
        return suite

    def _set_ups(self) -> Mapping[str, float]:
        return self._session.set_ups_s if self._session is not None else {}

    def _durations(self) -> Mapping[str, float]:
        return self._session.durations_s if self._session is not None else {}

    def _start_recorder(self, stack: ExitStack) -> Recorder | None:
        session = self._session
        if session is None or not self._options.record:
            return None
        self._begin_recording(session)
        recorder = Recorder(session.tree, SOURCES)
        recorder.start()
        stack.callback(recorder.stop)
        recorder.take()
        # Forked workers find it there.
        suites.watcher.append(suites.Watcher(recorder))
        stack.callback(suites.watcher.pop)
        return recorder

    def _begin_recording(self, session: ImpactSession) -> None:
        session.begin_recording(self._loader.loaded_files(session.tree))

    def _watch(self, stack: ExitStack, recorder: Recorder | None) -> None:
        """Have this process do around each test what workers do."""
        parts, end = watching.parts(
            recorder,
            measurement=self._coverage.measurement if self._coverage is not None else None,
            check_leftovers=self._options.check_leftovers,
            random_seed=settings.random_seed,
            time_limit_s=self._options.timeout_s,
            is_alone=True,
        )
        stack.callback(end)
        parts = (ProgressPart(self._progress, recorder), *parts)
        suites.watcher.append(suites.Watcher(recorder, parts))
        stack.callback(suites.watcher.pop)

    def _begin_progress(self, stack: ExitStack) -> None:
        rounds = self._options.repeat
        if isinstance(self._suite, PooledSuite):
            self._suite.progress = self._progress
        expectation = Expectation(
            [test.id() for test in self._tests],
            durations_s=self._durations(),
            set_ups_s=self._set_ups(),
            workers=self._processes,
            rounds=rounds,
        )
        total = len(self._tests) * rounds
        stack.callback(self._progress.end)
        self._progress.begin(State(total=total, workers=self._processes, expectation=expectation))

    def _measure_as(self, owner: str) -> None:
        if self._coverage is not None:
            self._coverage.measurement.enter(owner)


def load_urls() -> None:
    """Import the URL configuration, which the first request would do otherwise.

    What importing it runs is known from the second process; here it would count as what every
    test did.
    """
    # Where it can't be imported, tests that make requests say so.
    with contextlib.suppress(Exception):
        get_resolver().url_patterns  # noqa: B018
