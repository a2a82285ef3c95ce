"""What all parts of a run of tests know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.test.runner import DiscoverRunner

from cdds_django.conf import settings
from cdds_django.impact.code.tree import SourceTree
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.choice.loading import DeltaLoader
from cdds_django.runner.options import Options
from cdds_django.runner.outcomes.outcome import Timings
from cdds_django.runner.progress.progress import Progress

if TYPE_CHECKING:
    from cdds_django.runner.coverage.session import CoverageSession


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """One run: what was asked for, and what it is handed on the way to its tests."""

    runner: DiscoverRunner
    options: Options
    loader: DeltaLoader
    """Has loaded the tests."""
    session: ImpactSession | None
    """There where the impact map is read or written."""
    coverage: CoverageSession | None
    """There where coverage is measured."""
    run_id: str
    timings: Timings
    """Is filled in as the run goes on."""
    progress: Progress

    @property
    def recorded(self) -> ImpactSession | None:
        """The session of a run that is recorded."""
        return self.session if self.options.record else None

    @property
    def durations_s(self) -> Mapping[str, float]:
        """How long tests took when they last ran, by id."""
        return self.session.durations_s if self.session is not None else {}

    @property
    def set_ups_s(self) -> Mapping[str, float]:
        """How long setting up classes took, by dotted name."""
        return self.session.set_ups_s if self.session is not None else {}

    @property
    def tree(self) -> SourceTree:
        """The project's own code."""
        if self.session is not None:
            return self.session.tree
        return SourceTree.of(settings.root, settings.sources)

    @property
    def misses_lines_of_databases(self) -> bool:
        """Whether the report would lack lines of migrations if the databases were there.

        Where nothing is recorded, no run would know them after this one.
        """
        return (
            self.coverage is not None
            and self.options.coverage
            and self.options.record
            and not self.coverage.knows_databases
        )

    def measure_as(self, owner: str) -> None:
        """Say whose the lines are that are covered from now on."""
        if self.coverage is not None:
            self.coverage.measurement.enter(owner)

    def begin_recording(self) -> None:
        """Begin to find out what imports do, where that is recorded."""
        if self.recorded is not None:
            self.recorded.begin_recording(self.loader.loaded_files(self.recorded.tree))
