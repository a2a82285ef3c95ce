"""How far a run is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple

from cdds_django.runner.progress.expectation import Expectation


class Running(NamedTuple):
    """What one worker runs now."""

    worker: int
    what: str
    """The dotted name of a test class or the id of a test."""
    since_s: float
    """On the machine's monotonic clock."""


class Failure(NamedTuple):
    """A test, or a fixture, that failed."""

    kind: str
    """FAIL, ERROR or UNEXPECTED SUCCESS."""
    test: str
    error: str
    """The last line of what it failed of."""


@dataclass(kw_only=True)
class State:
    """What is known of the run while it goes on."""

    total: int
    workers: int
    expectation: Expectation
    began_s: float = field(default_factory=time.monotonic)
    done: int = 0
    failures: list[Failure] = field(default_factory=list)
    running: list[Running] = field(default_factory=list)
    is_stopping: bool = False

    def finished(self, test: str, took_s: float) -> None:
        """Count a test that has ended."""
        self.done = min(self.done + 1, self.total)
        self.expectation.finished(test, took_s)

    @property
    def elapsed_s(self) -> float:
        """Seconds since tests began to run."""
        return time.monotonic() - self.began_s

    @property
    def left_s(self) -> float | None:
        """Seconds till the expected end, None where nobody can tell."""
        return self.expectation.left_s(self.elapsed_s)
