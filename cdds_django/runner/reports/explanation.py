"""`--explain`: which tests are selected, by cause, the cause of most tests first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from cdds_django.runner.outcome import NOT_SELECTED, ChangeRow, RunOutcome
from cdds_django.runner.reports.wording import changed, counted

_SHOWN_TESTS = 10


def lines(run: RunOutcome, *, all_tests: bool) -> Iterator[str]:
    """Yield the explanation; `all_tests` lists every test of a group."""
    yield (
        f"{run.selected:,} of {counted(run.discovered, 'test')} would run "
        f"({run.skip_ratio:.1%} skipped)."
    )
    if run.full_run_reason is not None:
        yield f"All of them, because {run.full_run_reason}."
        return
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for test in run.tests:
        if test.outcome != NOT_SELECTED:
            for reason in test.reasons:
                groups[_cause(reason.kind, reason.key, reason.change)].append(test.id)
    for (kind, key, change), tests in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        yield ""
        yield f"{_heading(kind, key, change)} → {counted(len(tests), 'test')}"
        shown = tests if all_tests else tests[:_SHOWN_TESTS]
        yield from (f"    {test}" for test in sorted(shown))
        if len(tests) > len(shown):
            yield f"    … and {len(tests) - len(shown):,} more (-v 2 lists them)"


def _cause(kind: str, key: str, change: str) -> tuple[str, str, str]:
    # New tests are one group, not as many as there are tests.
    return (kind, "", change) if kind == "test" else (kind, key, change)


def _heading(kind: str, key: str, change: str) -> str:
    if kind == "test":
        return "New tests" if change == "new" else f"Last outcome: {change}"
    return changed(ChangeRow(kind=kind, key=key, change=change, tests=0))
