"""Sentences that several formats share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cdds_django.contract.causes import Cause
from cdds_django.contract.changes import Change, Level
from cdds_django.contract.report import Report

TITLES: Mapping[Level, str] = {
    "error": "Breaking",
    "warning": "To look at",
    "info": "Harmless",
}
"""What people call the levels, the gravest first."""

_NAMED = 3
"""Operations named beside a cause; all affected ones are listed once below."""


def summary(report: Report) -> str:
    """Return one line: how many causes of which level, and how many operations they affect."""
    diff = report.diff
    if not diff.changes:
        return "The contracts are the same."
    approved = sum(bool(cause.approved) for cause in report.causes if cause.level == "error")
    counts = {level: _count(report.causes, level) for level in TITLES}
    breaking = f"{counts['error'] - approved} breaking"
    return (
        f"{counted(len(report.causes), 'cause')} of {counted(len(diff.changes), 'change')}: "
        f"{breaking}{f' (and {approved} approved)' if approved else ''}, "
        f"{counts['warning']} to look at, {counts['info']} harmless; "
        f"{counted(len(diff.affected), 'operation')} affected."
    )


def version_line(report: Report) -> str:
    """Return what the change asks of the version, empty where it asks nothing."""
    if report.advice == "none":
        return ""
    base, head = report.diff.versions
    known = f" after {base}" if base else ""
    following = f": {report.next_version}{known}" if report.next_version else ""
    stands = f" It is {head} now." if head and base else ""
    return f"Semantic version: a {report.advice} change{following}.{stands}"


def reach(operations: Sequence[str], report: Report | None = None) -> str:
    """Return operations in a few words, with the number of tests of those that are named."""
    if not operations:
        return "no operation"
    names = [label + _tests(label, report) for label in operations[:_NAMED]]
    more = len(operations) - _NAMED
    first = ", ".join(names)
    if more > 0:
        first += f" and {more} more"
    return f"{counted(len(operations), 'operation')}: {first}"


def origin_line(cause: Cause) -> str:
    """Return the code behind a cause, empty where it isn't known."""
    origin = cause.origin
    if origin is None:
        return ""
    model = f", model {origin.model}" if origin.model else ""
    migration = f", migration {origin.migration}" if origin.migration else ""
    return f"{origin.name}{model}{migration}"


def tests_of(name: str, report: Report) -> str:
    """Return how many recorded tests call the operation of an operationId: `12 tests`."""
    if report.tests is None or name in report.diff.removed:
        return ""
    return counted(report.tests[name], "test") if report.tests.get(name) else "no test"


def counted(number: int, noun: str) -> str:
    """Return `1 change`, `2 changes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def ids(changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """Yield each change's rule and fingerprint."""
    return ((change.id, change.fingerprint) for change in changes)


def operation_lists(report: Report) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return the lists of operationIds that aren't empty, with their titles."""
    diff = report.diff
    known = {*diff.added, *diff.removed}
    lists = (
        ("Added", diff.added),
        ("Removed", diff.removed),
        ("Affected", tuple(name for name in diff.affected if name not in known)),
        ("Only documentation", report.documented),
    )
    return [(title, names) for title, names in lists if names]


def consumer_lists(report: Report) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return what of this project another service's change affects, with titles."""
    if report.consumers is None or not report.diff.affected:
        return ()
    operations, tests = report.consumers.operations, report.consumers.tests
    lists = (("Our operations that use it", operations), ("Our tests that use it", tests))
    return [(title, names) for title, names in lists if names]


def _count(causes: Sequence[Cause], level: Level) -> int:
    return sum(cause.level == level for cause in causes)


def _tests(label: str, report: Report | None) -> str:
    if report is None or report.tests is None:
        return ""
    names = [name for name, known in report.diff.labels.items() if known == label]
    text = tests_of(names[0], report) if names else ""
    return f" ({text})" if text else ""
