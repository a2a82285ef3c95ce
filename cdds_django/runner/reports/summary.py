"""The summary in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.runner.outcomes.outcome import NOT_RUN, PASSED_OUTCOMES, RunOutcome
from cdds_django.runner.reports.wording import changed, counted

_SHOWN_CHANGES = 10


def opening(run: RunOutcome) -> Iterator[str]:
    """Yield the lines that say what was chosen and why, before anything runs."""
    if run.note is not None:
        yield run.note
    if run.mode == "full":
        return
    if run.full_run_reason is not None:
        yield f"Full run of {counted(run.selected, 'test')}: {run.full_run_reason}."
        return
    chosen = "by the contract alone (logic isn't compared)" if run.mode == "contract" else "Delta"
    lead = f"Selected {chosen}" if run.mode == "contract" else chosen
    yield (
        f"{lead}: {run.selected:,} of {counted(run.discovered, 'test')} selected, "
        f"{run.skip_ratio:.1%} skipped."
    )
    shown = [change for change in run.changes if change.tests][:_SHOWN_CHANGES]
    for change in shown:
        yield f"  {changed(change)} → {counted(change.tests, 'test')}"
    again = sum(any(reason.kind == "test" for reason in test.reasons) for test in run.tests)
    if again:
        yield f"  new or not passed last time → {counted(again, 'test')}"
    along = sum(test.reasons[:1] != () and test.reasons[0].kind == "coverage" for test in run.tests)
    if along:
        yield f"  run along for --coverage, which knows lines by class → {counted(along, 'test')}"
    hidden = sum(bool(change.tests) for change in run.changes) - len(shown)
    if hidden > 0:
        yield f"  … and {counted(hidden, 'more change')} (--explain lists them)"
    if not run.selected:
        yield "Nothing is affected."


def closing(run: RunOutcome) -> Iterator[str]:
    """Yield the last lines of a run: how many tests it was stopped before, and the counts."""
    left = run.count(NOT_RUN)
    if left:
        yield f"Stopped before {counted(left, 'test')} could run."
    line = f"{run.count(*PASSED_OUTCOMES)} passed, {run.failed} failed"
    skipped = run.count("skipped")
    yield f"{line}, {skipped} skipped" if skipped else line
