"""What a run tells of tests that don't always end the same way."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.runner.outcomes.outcome import Pollution, RunOutcome
from cdds_django.runner.reports.wording import counted

_SHOWN_LEFTOVERS = 30


def lines(run: RunOutcome) -> Iterator[str]:
    """Yield flaky tests, those whose outcome varied in rounds, and what tests left behind."""
    if run.pollution is not None:
        yield from _polluters(run.tests[0].id, run.pollution)
    elif run.rounds > 1:
        yield from _varying(run)
    elif run.flaky:
        yield f"Flaky: {counted(len(run.flaky), 'test')} passed in a later attempt only."
        for test in run.flaky:
            yield f"  {test.id} (attempt {test.attempts})"
            if failures := run.earlier_failures.get(test.id):
                yield f"    {failures[0].strip().splitlines()[-1]}"
    untidy = [test for test in run.tests if test.leftovers]
    if untidy:
        yield f"Left behind by {counted(len(untidy), 'test')}:"
        for test in untidy[:_SHOWN_LEFTOVERS]:
            yield f"  {test.id}: {'; '.join(test.leftovers)}"
        if len(untidy) > _SHOWN_LEFTOVERS:
            yield f"  … and {len(untidy) - _SHOWN_LEFTOVERS:,} more (--report-json has them all)"


def _varying(run: RunOutcome) -> Iterator[str]:
    if not run.varying:
        yield f"Ran {run.rounds} times; no outcome varied."
        return
    yield f"Ran {run.rounds} times; the outcome of {counted(len(run.varying), 'test')} varied:"
    for test, counts in sorted(run.varying.items()):
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
        yield f"  {test}: {told}"


def _polluters(test: str, found: Pollution) -> Iterator[str]:
    verdict = found.verdict
    if verdict.fails_alone:
        yield f"{test} fails by itself: no other test makes it fail."
    elif not verdict.fails_after_all:
        yield f"{test} doesn't fail after the tests that ran before it when it last failed."
    elif len(found.tests) == 1:
        yield f"{test} fails after {found.tests[0]}."
    else:
        rest = "" if verdict.is_complete else ", and others before them"
        yield f"{test} fails after these together, in this order{rest}:"
        yield from (f"  {other}" for other in found.tests)
