"""Text for people: causes by level, then the operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cdds_django.contract.causes import Cause
from cdds_django.contract.changes import Level
from cdds_django.contract.formats.words import (
    TITLES,
    consumer_lists,
    operation_lists,
    origin_line,
    reach,
    summary,
    tests_of,
    version_line,
)
from cdds_django.contract.report import Report

_COLOURS: Mapping[Level, str] = {"error": "1;31", "warning": "33", "info": "32"}
_DIM, _BOLD = "2", "1"


def rendered(reports: Sequence[Report], *, colour: bool = False) -> str:
    """Return the reports as text, with ANSI colours where `colour` is asked for."""
    painter = _Painter(colour)
    return "\n".join("".join(f"{line}\n" for line in painter.lines(each)) for each in reports)


class _Painter:
    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def lines(self, report: Report) -> Iterator[str]:
        if report.title:
            yield self._painted(report.title, _BOLD)
        yield self._painted(summary(report), _BOLD)
        if version := version_line(report):
            yield version
        for level, title in TITLES.items():
            causes = [cause for cause in report.causes if cause.level == level]
            if causes:
                yield ""
                yield self._painted(f"{title}:", _COLOURS[level])
            for cause in causes:
                yield from self._cause(cause, report)
        for title, names in operation_lists(report):
            yield ""
            yield self._painted(f"{title} ({len(names)}):", _BOLD)
            yield from self._operations(names, report)
        for title, names in consumer_lists(report):
            yield ""
            yield self._painted(f"{title} ({len(names)}):", _BOLD)
            yield from (f"  {name}" for name in names)

    def _cause(self, cause: Cause, report: Report) -> Iterator[str]:
        yield f"  {cause.text}"
        yield f"    in {cause.place}"
        if origin := origin_line(cause):
            yield f"    made by {origin}"
        yield f"    reaches {reach(cause.operations, report)}"
        if cause.approved:
            yield f"    approved: {cause.approved}"
        for change in cause.changes:
            yield self._painted(f"    {change.id} {change.fingerprint}", _DIM)

    def _operations(self, names: tuple[str, ...], report: Report) -> Iterator[str]:
        width = max(map(len, names))
        for name in names:
            label = report.diff.labels.get(name, "")
            line = f"  {name:{width}}  {label}"
            tests = tests_of(name, report)
            if tests == "no test":
                tests = self._painted(tests, _COLOURS["warning"])
            yield f"{line}  {tests}".rstrip()

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text
