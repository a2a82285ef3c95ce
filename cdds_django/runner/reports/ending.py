"""All that is told when a run is over, in its order."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.runner.outcomes.outcome import RunOutcome
from cdds_django.runner.reports import drift, flaky, summary, times


def lines(
    run: RunOutcome, *, verbosity: int, durations: int | None, snapshot: str
) -> Iterator[str]:
    """Yield the lines; with -v 0 only the last one.

    `durations` is the number of --durations, `snapshot` what the committed contract is called.
    """
    counts = list(summary.closing(run))
    if verbosity > 0:
        yield from times.lines(run, verbosity=verbosity, durations=durations)
        yield from flaky.lines(run)
        yield from drift.lines(run, snapshot)
        yield from times.saved(run)
        yield from counts[:-1]
    yield counts[-1]
