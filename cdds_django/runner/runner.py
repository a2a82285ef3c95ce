"""The test runner: the only place that knows the order of things."""

from __future__ import annotations

import argparse
import sys
import time
import unittest
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

from django.core.management.base import CommandError
from django.test.runner import DiscoverRunner, filter_tests_by_tags, reorder_tests

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.errors import CddsError, ConfigurationError
from cdds_django.files import require_writable
from cdds_django.impact.history import PastRun, histories, ran_before
from cdds_django.runner import suites
from cdds_django.runner.contract import ContractView
from cdds_django.runner.delta import ImpactSession
from cdds_django.runner.hashers import use_fast_hasher
from cdds_django.runner.labels import require_known
from cdds_django.runner.loading import DeltaLoader, cases
from cdds_django.runner.options import Options, add_arguments
from cdds_django.runner.outcome import NOT_RUN, SELECTED, Execution, RunOutcome, Timings
from cdds_django.runner.project_runner import in_front_of_project_runner, project_runner
from cdds_django.runner.recording import record
from cdds_django.runner.reports import explanation, flaky, json_report, summary, times
from cdds_django.runner.results import OutcomeKeeper
from cdds_django.runner.selecting import Choice, Reasons, choose
from cdds_django.runner.speed import is_of_speed
from cdds_django.runner.tally import tally


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

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        theirs = project_runner(cls)
        (super() if theirs is None else theirs).add_arguments(parser)  # type: ignore[union-attr]
        add_arguments(parser)

    def run_tests(self, test_labels: Sequence[str], **kwargs: Any) -> int:
        """Run what is asked for and return the number of tests that failed.

        Raises CommandError with return code 2 where a person has to put something right.
        """
        options = self.delta_options
        if options.explained is not None:
            test_labels = [*test_labels, options.explained]
        try:
            if options.coverage and not options.explain:
                from cdds_django.runner import coverage_data

                if not coverage_data.is_measured():
                    coverage_data.restart_with_coverage(sys.argv)
            return self._run(test_labels)
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error

    def _run(self, test_labels: Sequence[str]) -> int:
        started = time.perf_counter()
        options = self.delta_options
        contract = ContractView(settings.snapshot)
        session = execution = None
        if options.report_json is not None:
            require_writable(options.report_json)
        if options.needs_map:
            session = ImpactSession.open(settings, contract)
        try:
            if session is not None and options.record:
                session.require_writable()
            if session is not None and session.impact_map is not None:
                self._ran_before = partial(ran_before, session.impact_map)
            self._durations_s = session.durations_s if session is not None else {}
            self._choice = choose(options, settings, session, contract)
            self.setup_test_environment()
            restore_hasher = use_fast_hasher() if settings.fast_hasher else None
            try:
                suite = self.build_suite(test_labels)
                self.timings.decide_s = time.perf_counter() - started
                if not options.explain and suite.countTestCases():
                    self._print(summary.opening(self._outcome(contract, SELECTED, None)))
                    execution = self._execute(suite, session)
                elif not options.explain and self._choice.needs_checks:
                    self.run_checks(set())
            finally:
                if restore_hasher is not None:
                    restore_hasher()
                self.teardown_test_environment()
            if execution is not None and session is not None and options.record:
                record(session, execution, self.loader)
            self.timings.total_s = time.perf_counter() - started
            return self._report(contract, execution, session)
        finally:
            if session is not None:
                session.close()

    def _execute(self, suite: unittest.TestSuite, session: ImpactSession | None) -> Execution:
        # A run that selects nothing does without all that this imports.
        from cdds_django.runner.execution import SuiteRun

        return SuiteRun(
            self,
            suite,
            options=self.delta_options,
            loader=self.loader,
            session=session,
            run_id=self.run_id,
            timings=self.timings,
        ).run()

    def build_suite(
        self, test_labels: Sequence[str] | None = None, **kwargs: Any
    ) -> unittest.TestSuite:
        """Discover, and keep what the choice selects. Modules that are left out aren't imported."""
        labels = list(test_labels or ["."])
        selection = self._choice.selection
        if selection is not None and selection.modules:
            self.loader.left_out = selection.modules
        known = selection.known if selection is not None else ()
        require_known(labels, {*known, *_enclosing(known)})
        discover: dict[str, Any] = {}
        if self.pattern is not None:
            discover["pattern"] = self.pattern
        if self.top_level is not None:
            discover["top_level_dir"] = self.top_level
        self.setup_shuffler()
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
        if self.delta_options.find_polluter is not None:
            return self.test_suite(self._with_earlier(self.delta_options.find_polluter, tests))
        self.discovered = {test.id(): self._choice.reasons(test) for test in tests}
        selected = [test for test in tests if self.discovered[test.id()] is not None]
        # Tests that could not be loaded come first, for quicker feedback, as in Django.
        first: Any = (unittest.loader._FailedTest, *self.reorder_by)  # type: ignore[attr-defined]
        shuffler = cast(Any, self)._shuffler
        ordered = reorder_tests(selected, first, shuffler=shuffler, reverse=self.reverse)
        self.log(f"Found {len(tests)} test(s).")
        return self.test_suite(ordered)

    def _with_earlier(self, wanted: str, tests: list[Any]) -> list[Any]:
        """Return the test that is wanted, after those that the map says ran before it."""
        by_id = {test.id(): test for test in tests}
        if wanted not in by_id:
            raise ConfigurationError(f"--find-polluter: there is no test {wanted}.")
        earlier = self._ran_before(wanted)
        if earlier is None:
            raise ConfigurationError(
                f"--find-polluter: the impact map knows no run in which {wanted} failed. Run all "
                "tests with recording until it does."
            )
        self.discovered = {wanted: ()}
        return [by_id[test] for test in [*earlier, wanted] if test in by_id]

    def get_resultclass(self) -> Any:
        base: Any = super().get_resultclass() or unittest.TextTestResult
        return type("DeltaTestResult", (OutcomeKeeper, base), {})

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
        )

    def _report(
        self, contract: ContractView, execution: Execution | None, session: ImpactSession | None
    ) -> int:
        options = self.delta_options
        if execution is not None and session is not None and session.impact_map is not None:
            self._past = histories(session.impact_map)
        outcome = self._outcome(contract, SELECTED if options.explain else NOT_RUN, execution)
        if options.report_json is not None:
            json_report.write(options.report_json, outcome)
        if options.explain:
            known = session.impact_map if session is not None else None
            if options.explained is not None and known is not None and len(outcome.tests) == 1:
                (test,) = outcome.tests
                self._print(
                    explanation.lines_of_test(outcome, test, known.kinds_of_dependencies(test.id))
                )
            else:
                self._print(explanation.lines(outcome, all_tests=self.verbosity > 1))
            return 0
        if execution is None:
            self._print(summary.opening(outcome))
        elif options.coverage:
            from cdds_django.runner import coverage_data

            coverage_data.report(html=options.coverage_html, xml=options.coverage_xml)
        self.time_keeper.print_results()
        self._print(times.lines(outcome, verbosity=self.verbosity, durations=self.durations))
        self._print(flaky.lines(outcome))
        self._print(summary.closing(outcome))
        failures = execution.failures if execution is not None else 0
        return failures + (len(outcome.flaky) if options.fail_on_flaky else 0)

    def _print(self, lines: Any) -> None:
        # unittest writes to standard error; keep the order that a person sees.
        sys.stderr.flush()
        for line in lines:
            print(line)
        sys.stdout.flush()


def _enclosing(tests: Any) -> set[str]:
    """Return the names of classes, modules and packages that hold these tests."""
    found: set[str] = set()
    for test in tests:
        parts = test.split(".")
        found.update(".".join(parts[:end]) for end in range(1, len(parts)))
    return found
