"""Words and numbers as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cdds_django.impact.sources.upstream_operations import UPSTREAM, sentence
from cdds_django.runner.outcomes.outcome import ChangeRow, TestRow

_NAMED_KINDS = frozenset(
    {"setting", "operation", "template", "listing", "table", "route", "reversal"}
)
_NOUNS = {
    "code": "function",
    "loaded": "import-time function",
    "symbol": "view or other symbol",
    "path": "URL",
    "reversal": "reversed name",
    "existence": "checked path",
    "environment": "version",
    "process": "started program",
    "upstream": "operation of another service",
    "upstream_caller": "place of such calls",
}

_EXCEPTION_LINE = re.compile(r"^[A-Za-z_][\w.]*(: |$)")


def counted(number: int, noun: str) -> str:
    """Return "1 test" or "1,200 tests"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def kinds_of_dependencies(counts: Mapping[str, int]) -> str:
    """Return "12 functions, 3 tables, …", the most first."""
    found = [(count, _NOUNS.get(kind, kind)) for kind, count in counts.items()]
    return ", ".join(counted(count, noun) for count, noun in sorted(found, reverse=True))


def changed(change: ChangeRow) -> str:
    """Return "shop/views.py::create changed" or "template base.html was removed"."""
    if change.kind == UPSTREAM:
        return sentence(change.key, change.change)
    name = f"{change.kind} {change.key}" if change.kind in _NAMED_KINDS else change.key
    if change.kind == "path":
        *_, path = change.key.split("|", 2)
        name, done = f"URL {path}", "leads elsewhere"
        return f"{name} {done}"
    return f"{name} {change.change if change.change == 'changed' else f'was {change.change}'}"


def causes(test: TestRow) -> Iterator[str]:
    """Yield why a test was selected, as "shop/views.py::create changed"."""
    for reason in test.reasons:
        if reason.kind == "test":
            yield "it is new" if reason.change == "new" else f"its last outcome is {reason.change}"
        elif reason.kind not in ("full_run", "coverage"):
            yield changed(
                ChangeRow(kind=reason.kind, key=reason.key, change=reason.change, tests=1)
            )


def headline(detail: str) -> str:
    """Return the line of a failure that says what went wrong.

    That is the last line of a traceback that names an exception: its message may go on below, and
    so may what the test printed.
    """
    lines = detail.strip().splitlines()
    frames = [number for number, line in enumerate(lines) if line.startswith("  File ")]
    for line in lines[frames[-1] + 1 if frames else 0 :]:
        if _EXCEPTION_LINE.match(line):
            return line
    return lines[0] if lines else ""


def cause_title(kind: str, key: str, change: str) -> str:
    """Return what made tests run, in words. Of tests themselves, `change` says why they run."""
    if kind == "test":
        return "New tests" if change == "new" else f"Last outcome: {change}"
    return changed(ChangeRow(kind=kind, key=key, change=change, tests=0))
