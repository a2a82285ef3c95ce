"""What a test leaves behind for those that come after it."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from typing import Any

from cdds_django.impact.recording.recorder import Recorder
from cdds_django.runner.flaky.traces import TRACES, Trace
from cdds_django.runner.running.suites import Part

_SHOWN = 5
"""How many things of one kind are named."""


class Leftovers(Part):
    """Looks at the process, its databases, caches and files before and after each test."""

    def __init__(self, recorder: Recorder | None) -> None:
        self._recorder = recorder
        self._before: dict[str, Trace] = {}

    def running(self, what: str) -> None:
        if what:
            self._before = self._look()

    def finished(self, test: Any, result: Any) -> None:
        after = self._look()
        left = [
            line for kind in TRACES for line in difference(kind, self._before[kind], after[kind])
        ]
        if left and hasattr(result, "note_leftovers"):
            result.note_leftovers(test, left)

    def _look(self) -> dict[str, Trace]:
        # What we read here is no test's.
        with self._recorder.muted() if self._recorder is not None else nullcontext():
            return {kind: take() for kind, take in TRACES.items()}


def difference(kind: str, before: Trace, after: Trace) -> list[str]:
    """Return in words what is there now and was not, or is another now."""
    changed = sorted(name for name, state in after.items() if before.get(name) != state)
    if kind == "rows":
        # A table of a database that nobody had connected to before can't be compared.
        both = [name for name in changed if name in before]
        grown = {name: _number(after[name]) - _number(before[name]) for name in both}
        return [
            f"{number:+,} rows in {name}" if number else f"other rows in {name}"
            for name, number in grown.items()
        ]
    if kind in ("setting", "variable", "directory"):
        gone = sorted(before.keys() - after.keys())
        return [f"{kind} {name} changed" for name in [*changed, *gone]][:_SHOWN]
    if kind in ("connection", "thread"):
        added = Counter(after.values()) - Counter(before.values())
        shown = "open connection to" if kind == "connection" else kind
        return [f"{shown} {name}" for name in added][:_SHOWN]
    told = [f"{kind} {name}{' changed' if name in before else ''}" for name in changed]
    rest = len(told) - _SHOWN
    return [*told[:_SHOWN], f"{rest:,} more of the kind"] if rest > 0 else told


def _number(state: str) -> int:
    """Return how many rows there are, of what `rows` says of a table."""
    return int(state.partition(" ")[0])
