"""What a run tells of time: what was slow, and where the time went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdds_django.runner.outcomes.outcome import RunOutcome
from cdds_django.runner.outcomes.trend import last_full
from cdds_django.runner.progress.wording import took

_LONG_RUN_S = 30.0
"""A run that takes longer tells where the time went, whoever asks."""
_SHOWN = 5
_WORTH_TELLING_S = 0.01


def lines(run: RunOutcome, *, verbosity: int, durations: int | None) -> Iterator[str]:
    """Yield where the time went if the run was long, or if -v 2 or --durations ask for it.

    `durations` is the number of --durations; unittest lists that many slowest tests itself.
    """
    timings = run.timings
    if not run.workers:
        return
    if timings.total_s < _LONG_RUN_S and verbosity < 2 and durations is None:
        return
    if durations is None:
        slowest = {test.id: test.duration_s for test in run.tests}
        yield from _list("Slowest tests:", slowest, _SHOWN)
    number = len(run.set_ups_s) if durations == 0 else durations or _SHOWN
    yield from _list("Slowest set-ups:", run.set_ups_s, number)
    workers = f" on {run.workers} workers" if run.workers > 1 else ""
    yield (
        f"Time: {timings.total_s:.1f} s, of which {timings.decide_s - timings.import_s:.1f} s "
        f"deciding, {timings.import_s:.1f} s importing tests, {timings.database_s:.1f} s preparing "
        f"databases, {timings.run_s:.1f} s running tests{workers}."
    )
    all_s = timings.tests_s + timings.set_ups_s + timings.idle_s
    if all_s:
        yield (
            f"While tests ran: {timings.tests_s / all_s:.0%} in tests, "
            f"{timings.set_ups_s / all_s:.0%} in set-ups, {timings.idle_s / all_s:.0%} idle or "
            "between them."
        )


def saved(run: RunOutcome) -> Iterator[str]:
    """Yield what a run that left tests out took, and what the last full run took."""
    full = last_full(run.past_runs)
    if full and run.mode == "delta" and run.is_whole and run.selected < run.discovered:
        yield f"Took {took(run.timings.total_s)}; the last full run took {took(full.total_s)}."


def _list(heading: str, seconds: Mapping[str, float], number: int) -> Iterator[str]:
    slowest = sorted(seconds.items(), key=lambda item: -item[1])[:number]
    slowest = [(name, took) for name, took in slowest if took >= _WORTH_TELLING_S]
    if slowest:
        yield heading
        yield from (f"  {took:.2f} s  {name}" for name, took in slowest)
