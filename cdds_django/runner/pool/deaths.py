"""What is known of a worker's death, and telling it to unittest's result."""

from __future__ import annotations

import signal
import sys
import unittest
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdds_django.runner.outcomes.results import FormattedError
from cdds_django.runner.pool.orders import Ended


def report_death(result: Any, ended: Ended, tests: Sequence[unittest.TestCase]) -> None:
    """Report what the worker was running as an error, or as a failure if it ran too long.

    `tests` are those that can't be run because of it: the test itself, or all whose fixture it was.
    """
    text = (
        f"The worker process died ({ended.how}) while it was running {ended.running}.\n"
        f"Its other tests were run in a new process.\n{ended.stack}"
    )
    error = (FormattedError, FormattedError(text), None)
    victims: list[Any] = [test for test in tests if test.id() == ended.running]
    holder: Any = unittest.suite._ErrorHolder(ended.running)  # type: ignore[attr-defined]
    for victim in victims or [holder]:
        result.startTest(victim)
        if ended.is_overdue and victims:
            result.addFailure(victim, error)
        else:
            result.addError(victim, error)
        result.stopTest(victim)
    sys.stderr.flush()


def how_it_ended(code: int) -> str:
    """Return what a process's exit code says."""
    if code >= 0:
        return f"exit status {code}"
    name = signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"
    hint = ", as the system sends when memory runs out" if name == "SIGKILL" else ""
    return f"{name}{hint}"


def stack_of_crash(path: Path) -> str:
    """Return what Python wrote down while it was dying, without what is the same in all tests."""
    try:
        text = path.read_text(errors="replace").strip()
    except OSError:
        return ""
    kept = []
    is_passing_over = False
    for line in text.splitlines():
        # The innermost call comes first; whoever called the test comes after it.
        is_passing_over = line.startswith("  ") and (is_passing_over or _FRAMEWORK in line)
        if not is_passing_over:
            kept.append(line)
    return "\n".join(["", *kept, ""]) if text else ""


_FRAMEWORK = "/unittest/case.py"
