"""Markdown for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdds_django.contract.causes import Cause
from cdds_django.contract.formats.words import (
    consumer_lists,
    operation_lists,
    origin_line,
    reach,
    summary,
    tests_of,
    version_line,
)
from cdds_django.contract.report import Report

_LEVELS = {"error": "**breaking**", "warning": "look", "info": "harmless"}

_ROWS = 100
"""Rows of the table: platforms cut comments off (GitHub at 65,536 characters)."""


def rendered(reports: Sequence[Report]) -> str:
    """Return the reports as GitHub-flavoured Markdown."""
    return "\n".join("".join(f"{line}\n" for line in _lines(report)) for report in reports)


def _lines(report: Report) -> Iterator[str]:
    yield from (f"### Contract{f' of {report.title}' if report.title else ''}", "", summary(report))
    if version := version_line(report):
        yield from ("", version)
    if report.causes:
        yield from ("", "| | change | where | operations |", "| --- | --- | --- | --- |")
        yield from (_row(cause) for cause in report.causes[:_ROWS])
    if len(report.causes) > _ROWS:
        yield from ("", f"And {len(report.causes) - _ROWS} more causes.")
    for title, names in operation_lists(report):
        yield from _folded(title, [_operation(name, report) for name in names])
    for title, names in consumer_lists(report):
        yield from _folded(title, [f"- `{name}`" for name in names])


def _folded(title: str, lines: list[str]) -> Iterator[str]:
    yield from ("", f"<details><summary>{title} ({len(lines)})</summary>", "")
    yield from (*lines, "", "</details>")


def _row(cause: Cause) -> str:
    level = "approved" if cause.approved else _LEVELS[cause.level]
    where = f"`{cause.place}`"
    if origin := origin_line(cause):
        where += f"<br>{origin}"
    cells = (level, cause.text, where, reach(cause.operations))
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _operation(name: str, report: Report) -> str:
    label = report.diff.labels.get(name, "")
    tests = tests_of(name, report)
    return f"- `{name}`{f' ({label})' if label else ''}{f': {tests}' if tests else ''}"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
