"""The test runner: the only place that knows the order of things."""

from __future__ import annotations

import argparse
import os
import sys
import time
import unittest
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.core.management.base import CommandError
from django.test.runner import DiscoverRunner, filter_tests_by_tags, reorder_tests

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.errors import CddsError
from cdds_django.impact.storage.history import PastRun, histories, ran_before
from cdds_django.runner.arguments import add_arguments
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.choice.discovery import Discovery
from cdds_django.runner.choice.labels import enclosing, require_known
from cdds_django.runner.choice.loading import DeltaLoader, cases
from cdds_django.runner.choice.selecting import Choice, Reasons, choose
from cdds_django.runner.choice.speed import is_of_speed
from cdds_django.runner.cluster import HOST_VARIABLE
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.coverage.run import RunCoverage
from cdds_django.runner.drift.check import DriftCheck
from cdds_django.runner.flaky.polluters import with_earlier
from cdds_django.runner.options import Options
from cdds_django.runner.outcomes import trend
from cdds_django.runner.outcomes.outcome import NOT_RUN, SELECTED, Execution, RunOutcome, Timings
from cdds_django.runner.outcomes.tally import tally
from cdds_django.runner.outcomes.trend import RunSummary
from cdds_django.runner.progress.choosing import progress_for
from cdds_django.runner.progress.progress import Progress
from cdds_django.runner.progress.result import ProgressTeller
from cdds_django.runner.project_runner import in_front_of_project_runner, project_runner
from cdds_django.runner.reports import ending, explanation, github, summary
from cdds_django.runner.reports.operations import with_operations
from cdds_django.runner.running import suites
from cdds_django.runner.running.hashers import use_fast_hasher
from cdds_django.runner.running.recording import run_record
from cdds_django.runner.shards.partition import Partition

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
        self.discovered: dict[str, Reasons | None] = {}
        """Why each discovered test runs, None for those left out."""
        self._choice = Choice(mode="full")
        self._durations_s: Mapping[str, float] = {}
        self._ran_before: Callable[[str], list[str] | None] = lambda test: None
        self._past: Mapping[str, Sequence[PastRun]] = {}
        self._coverage = RunCoverage()
        self._partition: Partition | None = None
        """With --shard: which tests are in which part."""
        self._started_at = datetime.now(UTC)
        self._are_all_meant = False
        """Whether all of the project's tests are, by all shards together."""
        self._past_runs: tuple[RunSummary, ...] = ()
        self._drift: DriftCheck | None = None

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

    def _run(self, test_labels: Sequence[str]) -> int:
        started = time.perf_counter()
        options = self.delta_options
        self._started_at = datetime.now(UTC)
        self._are_all_meant = not (test_labels or options.asks_for_some or self._has_patterns())
        contract = ContractView(settings.snapshot)
        session = execution = None
        options.reports.require_writable()
        self._look_back()
        if options.needs_map:
            session = ImpactSession.open(settings, contract, self.run_id)
        self._coverage = RunCoverage.begin(options, settings)
        try:
            if session is not None and options.record:
                session.require_writable()
            if session is not None and session.impact_map is not None:
                self._ran_before = partial(ran_before, session.impact_map)
            self._durations_s = session.durations_s if session is not None else {}
            choice = choose(options, settings, session, contract)
            self._choice = self._coverage.completed(choice, session)
            self.setup_test_environment()
            restore_hasher = use_fast_hasher() if settings.fast_hasher else None
            try:
                suite = self.build_suite(test_labels)
                self.timings.decide_s = time.perf_counter() - started
                if options.verify_template:
                    return self._verify_templates(suite)
                self._begin_comparing(session)
                if not options.explain and suite.countTestCases():
                    self._open(self._outcome(contract, SELECTED, None))
                    execution = self._execute(suite, session)
                elif not options.explain:
                    self._do_without_tests()
            finally:
                if restore_hasher is not None:
                    restore_hasher()
                self.teardown_test_environment()
            self._coverage.finish(is_shard=options.shard is not None)
            record = None
            if execution is not None and session is not None and options.record:
                record = run_record(session, execution, self.loader)
                if options.shard is None:
                    self._coverage.keep(
                        session,
                        tests=record.outcomes,
                        loaded=record.modules,
                        replaced=session.record(record),
                    )
            self._finish_comparing(execution)
            self.timings.total_s = time.perf_counter() - started
            if options.shard is not None:
                return self._leave_shard(contract, execution, session, record)
            return self._report(contract, execution, session)
        finally:
            self._coverage.close()
            if self._drift is not None:
                self._drift.close()
            if session is not None:
                session.close()

    def _look_back(self) -> None:
        """Read what earlier runs left. Whatever is wrong with it is said before tests run."""
        earlier = trend.read(settings.state_dir)
        self._past_runs = earlier.runs
        for notice in earlier.notices(settings.state_dir):
            self.log(notice)

    def _begin_comparing(self, session: ImpactSession | None) -> None:
        """Begin to compare the contract with the committed one, where that is wanted."""
        options = self.delta_options
        if options.find_polluter is None:
            self._drift = DriftCheck(settings, session, record=options.record)
            is_whole = self._are_all_meant and options.shard is None
            wanted = is_whole or options.reports.any
            self._drift.begin(may_build=wanted and not options.explain)

    def _finish_comparing(self, execution: Execution | None) -> None:
        if self._drift is not None and not (execution is not None and execution.is_stopped):
            self._drift.finish(self.log)

    def _leave_shard(
        self,
        contract: ContractView,
        execution: Execution | None,
        session: ImpactSession | None,
        record: RunRecord | None,
    ) -> int:
        """Leave what this part of the run brought to whoever merges the parts."""
        from cdds_django.runner.shards.leaving import leave

        options = self.delta_options
        assert options.shard is not None
        assert self._partition is not None
        outcome = self._outcome(contract, NOT_RUN, execution)
        path = leave(
            options.shard_output or settings.state_dir / "shards",
            options.shard,
            self._partition.digest,
            # For the run that the parts are of.
            replace(outcome, is_whole=self._are_all_meant),
            session=session,
            execution=execution,
            record=record,
            coverage=self._coverage.session if options.coverage else None,
        )
        options.reports.write(outcome)
        self.time_keeper.print_results()
        if options.github:
            # The summary is for who merges the parts.
            self._print(github.annotation_lines(outcome, os.environ))
        self._print([f"Shard {options.shard} is in {path}.", *summary.closing(outcome)])
        return execution.failures if execution is not None else 0

    def _do_without_tests(self) -> None:
        """Do what any run does besides running tests, as far as it matters."""
        if self._coverage.session is not None:
            from cdds_django.runner.running.preparation import load_urls

            load_urls()
        if self._choice.needs_checks or self._coverage.session is not None:
            self.run_checks(set())

    def _execute(self, suite: unittest.TestSuite, session: ImpactSession | None) -> Execution:
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

    def _verify_templates(self, suite: unittest.TestSuite) -> int:
        from cdds_django.runner.databases import verifying

        aliases = cast(Any, self).get_databases(suite)
        keep, verbosity = self.keepdb, self.verbosity
        found = verifying.verified(aliases, settings, keep=keep, verbosity=verbosity)
        self._print(verifying.lines(found))
        return len(found)

    def build_suite(
        self, test_labels: Sequence[str] | None = None, **kwargs: Any
    ) -> unittest.TestSuite:
        """Discover, and keep what the choice selects. Modules that are left out aren't imported."""
        labels = list(test_labels or ["."])
        selection = self._choice.selection
        if selection is not None and selection.modules:
            self.loader.left_out = selection.modules
        known = selection.known if selection is not None else ()
        require_known(labels, {*known, *enclosing(known)})
        discover: dict[str, Any] = {}
        if self.pattern is not None:
            discover["pattern"] = self.pattern
        if self.top_level is not None:
            discover["top_level_dir"] = self.top_level
        self.setup_shuffler()
        if self.delta_options.find_polluter is not None:
            wanted = self.delta_options.find_polluter
            self.discovered = {wanted: ()}
            tests = self._load(labels, discover)
            return self.test_suite(with_earlier(wanted, tests, self._ran_before(wanted)))
        found = Discovery(self.loader, lambda: self._load(labels, discover), self._choice.reasons)
        if self._coverage.leaving_out is not None:
            found.complete(self._coverage.leaving_out)
        if self.delta_options.shard is not None:
            self._partition = found.take_part(self.delta_options.shard, self._durations_s)
        self.discovered = found.reasons
        # Tests that could not be loaded come first, for quicker feedback, as in Django.
        first: Any = (unittest.loader._FailedTest, *self.reorder_by)  # type: ignore[attr-defined]
        shuffler = cast(Any, self)._shuffler
        ordered = reorder_tests(found.selected(), first, shuffler=shuffler, reverse=self.reverse)
        self.log(f"Found {len(found.tests)} test(s).")
        return self.test_suite(ordered)

    def _load(self, labels: Sequence[str], discover: dict[str, Any]) -> list[Any]:
        self._coverage.begin_loading()
        tests: list[Any] = []
        began = time.perf_counter()
        for label in labels:
            tests += cases(self.load_tests_for_label(label, discover))
        self.timings.import_s = time.perf_counter() - began
        if self.tags or self.exclude_tags:
            tests = list(filter_tests_by_tags(tests, self.tags, self.exclude_tags))
        speed = self.delta_options.speed
        if speed is not None:
            durations_s, limits_s = self._durations_s, settings.speed_limits
            tests = [t for t in tests if is_of_speed(t.id(), speed, durations_s, limits_s)]
        self._coverage.end_loading()
        return tests

    def _has_patterns(self) -> bool:
        return bool(self.tags or self.exclude_tags or self.test_name_patterns)

    def get_resultclass(self) -> Any:
        base: Any = super().get_resultclass() or unittest.TextTestResult
        return type("DeltaTestResult", (ProgressTeller, base), {"progress": self.progress})

    def _outcome(
        self, contract: ContractView, default: str, execution: Execution | None
    ) -> RunOutcome:
        return tally(
            self._choice,
            self.discovered,
            execution,
            contract=contract,
            default=default,
            timings=self.timings,
            past=self._past,
            started_at=self._started_at,
            is_whole=self._are_all_meant and self.delta_options.shard is None,
            past_runs=self._past_runs,
            contract_changes=self._drift.changes if self._drift is not None else None,
            contract_problem=self._drift.problem if self._drift is not None else "",
        )

    def _report(
        self, contract: ContractView, execution: Execution | None, session: ImpactSession | None
    ) -> int:
        options = self.delta_options
        if execution is not None and session is not None and session.impact_map is not None:
            self._past = histories(session.impact_map)
        outcome = self._outcome(contract, SELECTED if options.explain else NOT_RUN, execution)
        if options.reports.show_operations:
            outcome = with_operations(outcome, settings.state_dir, contract)
        if options.github:
            self._print(github.write_summary(outcome, os.environ))
        if options.explain:
            options.reports.write(outcome)
            self._print(
                explanation.asked_for(
                    outcome,
                    session.impact_map if session is not None else None,
                    is_of_test=options.explained is not None,
                    all_tests=self.verbosity > 1,
                )
            )
            return 0
        if execution is None:
            self._open(outcome)
        covered, complaint = self._coverage.report(options)
        outcome = replace(outcome, coverage=covered)
        options.reports.write(outcome)
        if options.record:
            trend.add(settings.state_dir, outcome.in_short())
        self.time_keeper.print_results()
        if options.github:
            self._print(github.annotation_lines(outcome, os.environ))
        self._print(
            ending.lines(
                outcome,
                verbosity=self.verbosity,
                durations=self.durations,
                snapshot=os.path.relpath(settings.snapshot),
            )
        )
        failures = execution.failures if execution is not None else 0
        if complaint is not None:
            if not failures:
                # The status that `coverage report` has.
                raise CommandError(complaint, returncode=2)
            self._print([complaint])
        return failures + (len(outcome.flaky) if options.fail_on_flaky else 0)

    def _open(self, outcome: RunOutcome) -> None:
        if self.verbosity > 0:
            self._print(summary.opening(outcome))

    def _print(self, lines: Any) -> None:
        # unittest writes to standard error; keep the order that a person sees.
        sys.stderr.flush()
        for line in lines:
            print(line)
        sys.stdout.flush()
