"""From labels to the suite: what is discovered, and what of that runs."""

from __future__ import annotations

import time
import unittest
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.test.runner import DiscoverRunner, filter_tests_by_tags, reorder_tests

from cdds_django.conf import settings
from cdds_django.impact.storage.history import ran_before
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.choice.discovery import Discovery
from cdds_django.runner.choice.labels import enclosing, require_known
from cdds_django.runner.choice.loading import DeltaLoader, cases
from cdds_django.runner.choice.selecting import Choice, Reasons
from cdds_django.runner.choice.speed import is_of_speed
from cdds_django.runner.coverage.run import RunCoverage
from cdds_django.runner.flaky.polluters import with_earlier
from cdds_django.runner.options import Options
from cdds_django.runner.outcomes.outcome import Timings
from cdds_django.runner.shards.partition import Partition


@dataclass(kw_only=True)
class SuiteBuilding:
    """Discovers tests with Django's own means, and keeps those that the choice selects."""

    runner: DiscoverRunner
    loader: DeltaLoader
    options: Options
    choice: Choice
    session: ImpactSession | None
    """There where the impact map is read or written."""
    coverage: RunCoverage
    timings: Timings
    discovered: Mapping[str, Reasons | None] = field(default_factory=dict)
    """Why each discovered test runs, None for those left out."""
    partition: Partition | None = None
    """With --shard: which tests are in which part."""

    def tests(self, labels: Sequence[str]) -> list[Any]:
        """Return what is to run, in order. Modules that are left out aren't imported."""
        runner, options = cast(Any, self.runner), self.options
        impact_map = self.session.impact_map if self.session is not None else None
        selection = self.choice.selection
        if selection is not None and selection.modules:
            self.loader.left_out = selection.modules
        known = selection.known if selection is not None else ()
        require_known(labels, {*known, *enclosing(known)})
        runner.setup_shuffler()
        if options.find_polluter is not None:
            wanted = options.find_polluter
            self.discovered = {wanted: ()}
            earlier = ran_before(impact_map, wanted) if impact_map is not None else None
            return with_earlier(wanted, self._load(labels), earlier)
        found = Discovery(self.loader, lambda: self._load(labels), self.choice.reasons)
        if self.coverage.leaving_out is not None:
            found.complete(self.coverage.leaving_out)
        if options.shard is not None:
            self.partition = found.take_part(options.shard, self._durations_s)
        self.discovered = found.reasons
        # Tests that could not be loaded come first, for quicker feedback, as in Django.
        first: Any = (unittest.loader._FailedTest, *runner.reorder_by)  # type: ignore[attr-defined]
        ordered = reorder_tests(
            found.selected(), first, shuffler=runner._shuffler, reverse=runner.reverse
        )
        runner.log(f"Found {len(found.tests)} test(s).")
        return list(ordered)

    @property
    def _durations_s(self) -> Mapping[str, float]:
        return self.session.durations_s if self.session is not None else {}

    def _load(self, labels: Sequence[str]) -> list[Any]:
        runner, speed = cast(Any, self.runner), self.options.speed
        discover = {"pattern": runner.pattern, "top_level_dir": runner.top_level}
        given = {name: value for name, value in discover.items() if value is not None}
        self.coverage.begin_loading()
        tests: list[Any] = []
        began = time.perf_counter()
        for label in labels:
            tests += cases(runner.load_tests_for_label(label, given))
        self.timings.import_s = time.perf_counter() - began
        if runner.tags or runner.exclude_tags:
            tests = list(filter_tests_by_tags(tests, runner.tags, runner.exclude_tags))
        if speed is not None:
            durations_s, limits_s = self._durations_s, settings.speed_limits
            tests = [t for t in tests if is_of_speed(t.id(), speed, durations_s, limits_s)]
        self.coverage.end_loading()
        return tests
