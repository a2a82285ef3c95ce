"""The test runner: the only place that knows the order of things."""

from __future__ import annotations

import argparse
import os
import time
import unittest
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from django.core.management.base import CommandError
from django.test.runner import DiscoverRunner

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.errors import CddsError
from cdds_django.runner.arguments import add_arguments
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.choice.loading import DeltaLoader
from cdds_django.runner.choice.selecting import Choice, choose
from cdds_django.runner.cluster import HOST_VARIABLE
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.coverage.run import RunCoverage
from cdds_django.runner.drift.check import DriftCheck
from cdds_django.runner.end_of_run import EndOfRun, tell
from cdds_django.runner.options import Options
from cdds_django.runner.outcomes import trend
from cdds_django.runner.outcomes.outcome import SELECTED, Execution, Timings
from cdds_django.runner.outcomes.tally import Tally
from cdds_django.runner.outcomes.trend import RunSummary
from cdds_django.runner.progress.choosing import progress_for
from cdds_django.runner.progress.progress import Progress
from cdds_django.runner.progress.result import ProgressTeller
from cdds_django.runner.project_runner import in_front_of_project_runner, project_runner
from cdds_django.runner.reports import summary
from cdds_django.runner.running import suites
from cdds_django.runner.running.hashers import use_fast_hasher
from cdds_django.runner.running.recording import run_record
from cdds_django.runner.suite_building import SuiteBuilding

if TYPE_CHECKING:
    from cdds_django.impact.storage.run_record import RunRecord


class DeltaDiscoverRunner(DiscoverRunner):
    """Django's runner, with selection, recording, a pool that survives, and reports."""

    test_suite = suites.WatchedSuite

    def __new__(cls, **options: Any) -> DeltaDiscoverRunner:
        return cast(DeltaDiscoverRunner, object.__new__(in_front_of_project_runner(cls)))

    def __init__(self, **options: Any) -> None:
        try:
            require_valid_settings()
            self.delta_options = Options.take(options, settings)
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error
        self.progress = progress_for(options)
        # Django's own ways of being parallel stay out of it.
        super().__init__(**{**options, "parallel": 1})
        self.test_loader = self.loader = DeltaLoader()
        self.run_id = uuid.uuid4().hex[:12]
        self.timings = Timings()
        self._coverage = RunCoverage()
        self._building = self._builds(Choice(mode="full"), None)

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        theirs = project_runner(cls)
        (super() if theirs is None else theirs).add_arguments(parser)  # type: ignore[union-attr]
        add_arguments(parser)

    def run_tests(self, test_labels: Sequence[str], **kwargs: Any) -> int:
        """Run what is asked for and return the number of tests that failed.

        Raises CommandError with return code 2 where a person has to put something right.
        """
        if HOST_VARIABLE in os.environ:
            from cdds_django.runner.cluster.hosting import serve

            serve(self)
            return 0
        options = self.delta_options
        if options.explained is not None:
            test_labels = [*test_labels, options.explained]
        try:
            return self._run(test_labels)
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error

    def build_suite(
        self, test_labels: Sequence[str] | None = None, **kwargs: Any
    ) -> unittest.TestSuite:
        """Discover, and keep what the choice selects. Modules that are left out aren't imported."""
        return self.test_suite(self._building.tests(list(test_labels or ["."])))

    def get_resultclass(self) -> Any:
        base: Any = super().get_resultclass() or unittest.TextTestResult
        return type("DeltaTestResult", (ProgressTeller, base), {"progress": self.progress})

    def _run(self, test_labels: Sequence[str]) -> int:
        began, started_at = time.perf_counter(), datetime.now(UTC)
        options = self.delta_options
        contract = ContractView(settings.snapshot)
        options.reports.require_writable()
        past_runs = self._look_back()
        with ExitStack() as stack:
            session = self._opened_session(contract, stack)
            self._coverage = RunCoverage.begin(options, settings)
            stack.callback(self._coverage.close)
            if session is not None and options.record:
                session.require_writable()
            choice = self._coverage.completed(choose(options, settings, session, contract), session)
            self._building = self._builds(choice, session)
            execution = None
            with self._test_environment():
                suite = self.build_suite(test_labels)
                self.timings.decide_s = time.perf_counter() - began
                if options.verify_template:
                    return self._verify_templates(suite)
                is_whole = not (test_labels or options.asks_for_some or self._has_patterns())
                tally = Tally(
                    choice=choice,
                    discovered=self._building.discovered,
                    contract=contract,
                    drift=self._begun_drift_check(session, stack, is_whole=is_whole),
                    timings=self.timings,
                    started_at=started_at,
                    is_whole=is_whole,
                    past_runs=past_runs,
                )
                if not options.explain:
                    self._tell_choice(tally)
                    execution = self._execute(suite, session, choice)
            self._coverage.finish(is_shard=options.shard is not None)
            record = self._keep(execution, session)
            if tally.drift is not None and not (execution is not None and execution.is_stopped):
                tally.drift.finish(self.log)
            self.timings.total_s = time.perf_counter() - began
            return self._end(tally, execution, session, record)

    def _has_patterns(self) -> bool:
        return bool(self.tags or self.exclude_tags or self.test_name_patterns)

    def _look_back(self) -> tuple[RunSummary, ...]:
        """Return what earlier runs left. Whatever is wrong with it is said before tests run."""
        earlier = trend.read(settings.state_dir)
        for notice in earlier.notices(settings.state_dir):
            self.log(notice)
        return earlier.runs

    def _opened_session(self, contract: ContractView, stack: ExitStack) -> ImpactSession | None:
        if not self.delta_options.needs_map:
            return None
        session = ImpactSession.open(settings, contract, self.run_id)
        stack.callback(session.close)
        return session

    def _builds(self, choice: Choice, session: ImpactSession | None) -> SuiteBuilding:
        return SuiteBuilding(
            runner=self,
            loader=self.loader,
            options=self.delta_options,
            choice=choice,
            session=session,
            coverage=self._coverage,
            timings=self.timings,
        )

    @contextmanager
    def _test_environment(self) -> Iterator[None]:
        self.setup_test_environment()
        restore_hasher = use_fast_hasher() if settings.fast_hasher else None
        try:
            yield
        finally:
            if restore_hasher is not None:
                restore_hasher()
            self.teardown_test_environment()

    def _begun_drift_check(
        self, session: ImpactSession | None, stack: ExitStack, *, is_whole: bool
    ) -> DriftCheck | None:
        """Begin to compare the contract with the committed one, where that is wanted."""
        options = self.delta_options
        if options.find_polluter is not None:
            return None
        drift = DriftCheck(settings, session, record=options.record)
        stack.callback(drift.close)
        wanted = (is_whole and options.shard is None) or options.reports.any
        drift.begin(may_build=wanted and not options.explain)
        return drift

    def _tell_choice(self, tally: Tally) -> None:
        if self.verbosity > 0:
            tell(summary.opening(tally.outcome(None, default=SELECTED)))

    def _execute(
        self, suite: unittest.TestSuite, session: ImpactSession | None, choice: Choice
    ) -> Execution | None:
        """Run the tests. Where there are none, do what else any run does, as far as it matters."""
        is_measured = self._coverage.session is not None
        if not suite.countTestCases():
            if is_measured:
                from cdds_django.runner.running.preparation import load_urls

                load_urls()
            if choice.needs_checks or is_measured:
                self.run_checks(set())
            return None
        # A run that selects nothing does without all that this imports.
        from cdds_django.runner.running.context import RunContext
        from cdds_django.runner.running.execution import SuiteRun

        kind = SuiteRun
        if self.delta_options.cluster is not None:
            from cdds_django.runner.cluster.run import ClusterRun

            kind = ClusterRun
        context = RunContext(
            runner=self,
            options=self.delta_options,
            loader=self.loader,
            session=session,
            coverage=self._coverage.session,
            run_id=self.run_id,
            timings=self.timings,
            # Nobody knows how many runs of tests it takes to find a polluter.
            progress=Progress() if self.delta_options.find_polluter else self.progress,
        )
        return kind(context, suite).run()

    def _keep(self, execution: Execution | None, session: ImpactSession | None) -> RunRecord | None:
        """Put what a run learnt into the impact map. A part of a run only returns it."""
        options = self.delta_options
        if execution is None or session is None or not options.record:
            return None
        record = run_record(session, execution, self.loader)
        if options.shard is None:
            self._coverage.keep(
                session,
                tests=record.outcomes,
                loaded=record.modules,
                replaced=session.record(record),
            )
        return record

    def _verify_templates(self, suite: unittest.TestSuite) -> int:
        from cdds_django.runner.databases import verifying

        aliases = cast(Any, self).get_databases(suite)
        keep, verbosity = self.keepdb, self.verbosity
        found = verifying.verified(aliases, settings, keep=keep, verbosity=verbosity)
        tell(verifying.lines(found))
        return len(found)

    def _end(
        self,
        tally: Tally,
        execution: Execution | None,
        session: ImpactSession | None,
        record: RunRecord | None,
    ) -> int:
        """Tell and leave what the run brought; return how many tests failed."""
        end = EndOfRun(
            runner=self,
            options=self.delta_options,
            tally=tally,
            session=session,
            coverage=self._coverage,
        )
        if self.delta_options.explain:
            end.explain()
            return 0
        if self._building.partition is not None:
            return end.leave_shard(execution, record, self._building.partition)
        return end.report(execution)
