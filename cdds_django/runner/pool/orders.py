"""What passes between the pool and its workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cdds_django.errors import CddsError
from cdds_django.impact.records import Recording
from cdds_django.runner.coverage.points import Measured
from cdds_django.runner.outcomes.events import Event


@dataclass(frozen=True, kw_only=True)
class Order:
    """Tests that one worker runs in a row."""

    tests: tuple[int, ...]
    """By their places in the run's list of tests."""
    is_fresh: bool = False
    """Whether it needs a worker that has run nothing yet, on a new fork of the databases."""
    number: int = 0
    """What it is known by to whoever gives it; also what is left of it after a death."""
    deaths: int = 0
    """How many workers are gone that had it, and nobody can tell which test they were running."""


@dataclass(frozen=True, kw_only=True)
class BatchAnswer:
    """What a worker hands back for one order, or for a part of it."""

    worker: int
    batch_id: str
    first: int = 0
    """How many of the order's tests are part of earlier answers."""
    done: int
    """How many of the order's tests, from its beginning, are done now."""
    is_last: bool = True
    events: tuple[Event, ...]
    recording: Recording
    lines: Measured = field(default_factory=dict)
    """What was covered, where that is measured."""
    tracers: Mapping[str, str] = field(default_factory=dict)
    """The plug-ins of coverage.py that measured files, by file."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A worker is no more, though nobody asked it to end."""

    worker: int
    running: str
    """The id of the test, or the name of the fixture, that it was running; nothing if none."""
    how: str
    """As "SIGKILL" or "exit status 3"."""
    batch_id: str
    is_overdue: bool = False
    """Whether it was ended because what it was running did not end."""
    stack: str = ""
    """Where it was, if it could tell."""
    is_unknown: bool = False
    """Whether nobody can tell what it was running, since its machine is gone as well."""


class WorkersLostError(CddsError):
    """Nobody is left to run tests. What has ended still counts."""


class Workers(Protocol):
    """Numbered places, from 1, with a worker at each: processes here, or a cluster's.

    One order at a time goes to a worker. It is answered, perhaps in parts, or the worker's end is
    told.
    """

    def has_place(self, worker: int) -> bool:
        """Whether there is a place of this number now. A cluster's places come and go."""

    def begin(self, worker: int) -> None:
        """Start a worker, perhaps in place of one that ended, on new forks of the databases."""

    def submit(self, worker: int, order: Order) -> None:
        """Send an order to a worker that has none."""

    def wait(self, timeout_s: float) -> list[BatchAnswer | Ended]:
        """Return what was answered and who ended since the last call.

        Waits for the first one. Raises CddsError where a worker can't be prepared, and
        WorkersLostError where there are none any more.
        """

    def end(self, worker: int) -> None:
        """Have a worker that has no order end."""

    def ask_to_stop(self) -> None:
        """Have all workers answer after the test that they are running."""

    def close(self, *, at_once: bool = False) -> None:
        """End all workers, in the middle of their tests if `at_once`."""
