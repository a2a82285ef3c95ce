"""The end of a run: what is told of it and left for later ones, and how many tests failed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from django.test.runner import DiscoverRunner

from cdds_django.conf import settings
from cdds_django.impact.storage.history import histories
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.coverage.run import RunCoverage
from cdds_django.runner.options import Options
from cdds_django.runner.outcomes import trend
from cdds_django.runner.outcomes.outcome import NOT_RUN, SELECTED, Execution, RunOutcome
from cdds_django.runner.outcomes.tally import Tally
from cdds_django.runner.reports import ending, explanation, github, summary
from cdds_django.runner.reports.operations import with_operations

if TYPE_CHECKING:
    from cdds_django.impact.storage.run_record import RunRecord
    from cdds_django.runner.shards.partition import Partition


@dataclass(frozen=True, kw_only=True)
class EndOfRun:
    """Ends a run in one of three ways: explained, run, or left as a part to whoever merges parts.

    Each prints, writes the reports that were asked for, and may raise StateFileError.
    """

    runner: DiscoverRunner
    options: Options
    tally: Tally
    session: ImpactSession | None
    coverage: RunCoverage

    def explain(self) -> None:
        """Tell why which tests would run."""
        options = self.options
        outcome = self._shown(self.tally.outcome(None, default=SELECTED))
        options.reports.write(outcome)
        tell(
            explanation.asked_for(
                outcome,
                self.session.impact_map if self.session is not None else None,
                label=options.explained,
                all_tests=self.runner.verbosity > 1,
            )
        )

    def report(self, execution: Execution | None) -> int:
        """Tell of a run, and return how many tests failed.

        Raises CommandError with return code 2 where coverage is less than the project wants.
        """
        options, runner = self.options, self.runner
        impact_map = self.session.impact_map if self.session is not None else None
        past = None
        if execution is not None and impact_map is not None:
            past = histories(impact_map)
        outcome = self._shown(self.tally.outcome(execution, default=NOT_RUN, past=past))
        covered, complaint = self.coverage.report(options)
        outcome = replace(outcome, coverage=covered)
        options.reports.write(outcome)
        if options.record:
            trend.add(settings.state_dir, outcome.in_short())
        self._annotate(outcome)
        tell(
            ending.lines(
                outcome,
                verbosity=runner.verbosity,
                durations=runner.durations,
                snapshot=os.path.relpath(settings.snapshot),
            )
        )
        failures = execution.failures if execution is not None else 0
        if complaint is not None:
            if not failures:
                # The status that `coverage report` has.
                raise CommandError(complaint, returncode=2)
            tell([complaint])
        return failures + (len(outcome.flaky) if options.fail_on_flaky else 0)

    def leave_shard(
        self, execution: Execution | None, record: RunRecord | None, partition: Partition
    ) -> int:
        """Leave what this part of a run brought to whoever merges the parts.

        Return how many tests failed.
        """
        from cdds_django.runner.shards.leaving import leave

        options = self.options
        assert options.shard is not None, "only parts of a run come here"
        # The merged report is of the run that the parts are of.
        merged = self.tally.outcome(execution, default=NOT_RUN)
        outcome = replace(merged, is_whole=False)
        path = leave(
            options.shard_output or settings.state_dir / "shards",
            options.shard,
            partition.digest,
            merged,
            session=self.session,
            execution=execution,
            record=record,
            coverage=self.coverage.session if options.coverage else None,
        )
        options.reports.write(outcome)
        # The step's summary is for who merges the parts.
        self._annotate(outcome)
        tell([f"Shard {options.shard} is in {path}.", *summary.closing(outcome)])
        return execution.failures if execution is not None else 0

    def _shown(self, outcome: RunOutcome) -> RunOutcome:
        """Return what reports need besides; GitHub's summary of the step is the first of them."""
        if self.options.reports.show_operations:
            outcome = with_operations(outcome, settings.state_dir, self.tally.contract)
        if self.options.github:
            tell(github.write_summary(outcome, os.environ))
        return outcome

    def _annotate(self, outcome: RunOutcome) -> None:
        """Print the times of --timing, and what GitHub shows beside the code."""
        self.runner.time_keeper.print_results()
        if self.options.github:
            tell(github.annotation_lines(outcome, os.environ))


def tell(lines: Iterable[str]) -> None:
    """Print lines after all that was told before."""
    # unittest writes to standard error; keep the order that a person sees.
    sys.stderr.flush()
    for line in lines:
        print(line)
    sys.stdout.flush()
