"""Interrupting tests that run too long.

A signal interrupts the main thread where it is in Python code or waits. In C code that never comes
back, or where the test catches everything, the process has to be ended: workers are, by the pool.
"""

from __future__ import annotations

import faulthandler
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from cdds_django.runner.outcomes.events import whole
from cdds_django.runner.running.suites import Part

_AGAIN_S = 1.0
"""When to interrupt again what caught the first interruption."""
_GRACE_S = 5.0
"""How long a test may go on after the first one where there is no pool to end the process."""
_INTERRUPTIBLE = {
    "unittest/case.py": {"_callSetUp", "_callTestMethod", "_callTearDown", "_callCleanup"},
    "": {"setUpClass", "setUpModule"},
}
"""Functions that unittest calls so that an exception fails one test or class: by file, or by name
alone. What Django does around them, as ending a transaction, has to be left whole."""


class TimeLimitError(AssertionError):
    """A test or a fixture ran too long. Its traceback says where it was."""


class TimeLimit(Part):
    """Fails each test that runs longer than `seconds`."""

    def __init__(self, seconds: float, *, is_alone: bool) -> None:
        """`is_alone` says that nobody watches over this process: it then ends itself if need be."""
        self._seconds = seconds
        self._is_alone = is_alone
        self._what = ""
        self._has_fired = False

    def start(self) -> Callable[[], None]:
        """Begin to listen to the signal; return what ends it."""
        before = signal.signal(signal.SIGALRM, self._interrupt)

        def stop() -> None:
            self.running("")
            signal.signal(signal.SIGALRM, before)

        return stop

    def running(self, what: str) -> None:
        self._what = what
        self._has_fired = False
        signal.setitimer(signal.ITIMER_REAL, self._seconds if what else 0.0, _AGAIN_S)
        if self._is_alone:
            faulthandler.cancel_dump_traceback_later()
            if what:
                faulthandler.dump_traceback_later(self._seconds + _GRACE_S, exit=True)

    def finished(self, test: Any, result: Any) -> None:
        had_fired = self._has_fired
        self.running("")
        if had_fired and not any(whole(case) is test for case, _ in _problems(result)):
            # It caught the interruption, or was expected to fail.
            error = TimeLimitError(self._message(test.id()))
            result.addFailure(test, (TimeLimitError, error, None))

    def _interrupt(self, signal_number: int, frame: FrameType | None) -> None:
        if self._what and _is_interruptible(frame):
            self._has_fired = True
            raise TimeLimitError(self._message(self._what))

    def _message(self, what: str) -> str:
        return f"{what} ran longer than the time limit of {self._seconds:g} s."


def _problems(result: Any) -> list[Any]:
    return [*result.failures, *result.errors]


def _is_interruptible(frame: FrameType | None) -> bool:
    while frame is not None:
        file, name = frame.f_code.co_filename.replace("\\", "/"), frame.f_code.co_name
        if any(name in names and file.endswith(end) for end, names in _INTERRUPTIBLE.items()):
            return True
        frame = frame.f_back
    return False
