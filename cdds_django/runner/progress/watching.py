"""What a run in one process tells its progress between tests."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import Any

from cdds_django.impact.recording.recorder import Recorder
from cdds_django.runner.progress.expectation import class_of
from cdds_django.runner.progress.progress import Progress
from cdds_django.runner.progress.state import Running
from cdds_django.runner.running.suites import Part


class ProgressPart(Part):
    """Takes a turn before each fixture and each test: nothing is drawn while one runs, be it in a
    debugger."""

    def __init__(self, progress: Progress, recorder: Recorder | None) -> None:
        self._progress = progress
        self._recorder = recorder
        self._class = ""
        self._since_s = 0.0
        self._result: Any = None

    def running(self, what: str) -> None:
        state = self._progress.state
        if not what or state is None:
            return
        name = _class_in(what)
        if name != self._class:
            self._class, self._since_s = name, time.monotonic()
        if self._progress.is_due(state):
            # What drawing imports and reads is nothing that tests depend on.
            with self._recorder.muted() if self._recorder is not None else nullcontext():
                self._progress.turn(
                    [Running(1, name, self._since_s)],
                    is_stopping=bool(getattr(self._result, "shouldStop", False)),
                )

    def finished(self, test: Any, result: Any) -> None:
        self._result = result


def _class_in(what: str) -> str:
    """Return the class of a test's id, or the place of a fixture such as `setUpClass (a.b.C)`."""
    return what.partition("(")[2].rstrip(")") if what.endswith(")") else class_of(what)
