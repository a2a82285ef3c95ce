"""What a worker reports of the tests that it runs."""

from __future__ import annotations

import unittest
from collections.abc import Sequence
from typing import Any, NamedTuple


class Event(NamedTuple):
    """One call of a result's method in a worker, in a form that can always be pickled."""

    name: str
    place: int | None
    """Of the test in its batch, or None for a fixture's."""
    subject: str
    """The fixture's name, or the description of a subtest."""
    value: Any = None
    """The formatted error, the reason of a skip, times in seconds, or what a test left behind."""
    is_failure: bool = False


class WorkerResult(unittest.TestResult):
    """Collects events. Errors are formatted here, so that no exception has to be pickled."""

    def __init__(self, tests: Sequence[unittest.TestCase], stop_asked: Any) -> None:
        super().__init__()
        self.events: list[Event] = []
        self._indexes = {id(test): index for index, test in enumerate(tests)}
        self._stop_asked = stop_asked
        self._stopped = False

    @property
    def shouldStop(self) -> bool:
        return self._stopped or bool(self._stop_asked())

    @shouldStop.setter
    def shouldStop(self, value: bool) -> None:
        self._stopped = value

    def startTest(self, test: Any) -> None:
        super().startTest(test)
        self._add("startTest", test)

    def stopTest(self, test: Any) -> None:
        super().stopTest(test)
        self._add("stopTest", test)

    def addSuccess(self, test: Any) -> None:
        super().addSuccess(test)
        self._add("addSuccess", test)

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        self._add("addError", test, self.errors[-1][1])

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self._add("addFailure", test, self.failures[-1][1], is_failure=True)

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        self._add("addSkip", test, str(reason))

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self._add("addExpectedFailure", test, self.expectedFailures[-1][1])

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self._add("addUnexpectedSuccess", test)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            text = (self.failures if is_failure else self.errors)[-1][1]
            index = self._indexes.get(id(test))
            self.events.append(Event("addSubTest", index, _described(subtest), text, is_failure))

    def addDuration(self, test: Any, elapsed: float) -> None:
        self._add("addDuration", test, elapsed)

    def note_duration(self, test: Any, seconds: float, began_at_s: float) -> None:
        self._add("note_duration", test, (seconds, began_at_s))

    def note_set_up(self, place: str, seconds: float) -> None:
        self.events.append(Event("note_set_up", None, place, seconds))

    def note_leftovers(self, test: Any, left: Sequence[str]) -> None:
        self._add("note_leftovers", test, tuple(left))

    def place_of(self, test: unittest.TestCase) -> int:
        """Return which of the tests this is."""
        return self._indexes[id(test)]

    def take_events(self) -> list[Event]:
        """Return what was reported since the last call."""
        taken, self.events = self.events, []
        return taken

    def _add(self, name: str, test: Any, value: Any = None, *, is_failure: bool = False) -> None:
        index = self._indexes.get(id(whole(test)))
        subject = _described(test) if index is None or whole(test) is not test else ""
        self.events.append(Event(name, index, subject, value, is_failure))


def whole(test: Any) -> Any:
    """Return the test that a subtest is part of, or `test` itself."""
    return getattr(test, "test_case", test)


def _described(test: Any) -> str:
    return f"{test.id()}\0{test}" if whole(test) is not test else str(test.id())


FAILURES = frozenset({"addError", "addFailure", "addUnexpectedSuccess", "addSubTest"})
"""The events that keep a test, or a fixture, from having passed."""
