"""Test results: what a worker reports, and what the parent makes of it and keeps."""

from __future__ import annotations

import re
import unittest
from collections.abc import Sequence
from typing import Any, NamedTuple

from cdds_django.impact.records import Outcome

_FIXTURE_FAILURE = re.compile(r"(setUpModule|setUpClass|tearDownModule|tearDownClass) \((.+)\)")
_RANK = ("expected_failure", "passed", "skipped", "unexpected_success", "failed", "error")
"""A test that is reported twice (a failure, then an error in its tear-down) ends as the later."""


class Event(NamedTuple):
    """One call of a result's method in a worker, in a form that can always be pickled."""

    name: str
    place: int | None
    """Of the test in its batch, or None for a fixture's."""
    subject: str
    """The fixture's name, or the description of a subtest."""
    value: Any = None
    """The formatted error, the reason of a skip, or seconds."""
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

    def note_duration(self, test: Any, seconds: float) -> None:
        self._add("note_duration", test, seconds)

    def _add(self, name: str, test: Any, value: Any = None, *, is_failure: bool = False) -> None:
        index = self._indexes.get(id(_whole(test)))
        subject = _described(test) if index is None or _whole(test) is not test else ""
        self.events.append(Event(name, index, subject, value, is_failure))


def _whole(test: Any) -> Any:
    """Return the test that a subtest is part of, or `test` itself."""
    return getattr(test, "test_case", test)


def _described(test: Any) -> str:
    return f"{test.id()}\0{test}" if _whole(test) is not test else str(test.id())


class FormattedError(Exception):
    """Carries an error's text from a worker to where the parent would format it."""


class _RemoteSubTest:
    """Stands for a worker's subtest in the parent's result."""

    def __init__(self, test: unittest.TestCase, description: str) -> None:
        self.test_case = test
        self._id, _, self._text = description.partition("\0")
        self.failureException = test.failureException

    def id(self) -> str:
        return self._id

    def shortDescription(self) -> None:
        return None

    def __str__(self) -> str:
        return self._text


class OutcomeKeeper(unittest.TestResult):
    """Mixed into the parent's result class: keeps how each test ended, and replays events."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcomes: dict[str, str] = {}
        self.durations_s: dict[str, float] = {}
        self.broken_fixtures: list[tuple[str, str, str]] = []
        """The kind of fixture, its class or module, and "error" or "skipped"."""

    def addSuccess(self, test: Any) -> None:
        super().addSuccess(test)
        self._keep(test, "passed")

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        self._keep(test, "error")

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self._keep(test, "failed")

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        self._keep(test, "skipped")

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self._keep(test, "expected_failure")

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self._keep(test, "unexpected_success")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            self._keep(test, "failed" if is_failure else "error")

    def note_duration(self, test: Any, seconds: float) -> None:
        self.durations_s[test.id()] = seconds

    def replay(self, event: Event, tests: Sequence[unittest.TestCase]) -> None:
        """Do what happened in a worker."""
        test: Any = (
            tests[event.place]
            if event.place is not None
            else unittest.suite._ErrorHolder(event.subject)  # type: ignore[attr-defined]
        )
        handler = getattr(self, event.name, None)
        if handler is None:  # `addDuration` is new in Python 3.12.
            return
        failure_class = getattr(test, "failureException", AssertionError)
        error = (
            failure_class if event.is_failure else FormattedError,
            FormattedError(event.value),
            None,
        )
        if event.name == "addSubTest":
            handler(test, _RemoteSubTest(test, event.subject), error)
        elif event.name in ("addError", "addFailure", "addExpectedFailure"):
            handler(test, error)
        elif event.name == "addSkip" and event.place is not None and event.subject:
            handler(_RemoteSubTest(test, event.subject), event.value)
        elif event.value is None:
            handler(test)
        else:
            handler(test, event.value)

    def final_outcomes(self, selected: Sequence[unittest.TestCase]) -> dict[str, Outcome]:
        """Return the outcome of each test that ran, or that a broken fixture kept from running."""
        outcomes = dict(self.outcomes)
        for fixture, place, outcome in self.broken_fixtures:
            is_module = fixture.endswith("Module")
            for test in selected:
                cls = type(test)
                where = cls.__module__ if is_module else f"{cls.__module__}.{cls.__qualname__}"
                if where == place and (outcome == "error" or test.id() not in outcomes):
                    outcomes[test.id()] = outcome
        return {
            test.id(): Outcome(
                id=test.id(),
                outcome=outcomes[test.id()],
                duration_s=round(self.durations_s.get(test.id(), 0.0), 6),
                tags=tags_of(test),
            )
            for test in selected
            if test.id() in outcomes
        }

    def _exc_info_to_string(self, err: Any, test: Any) -> str:
        if isinstance(err[1], FormattedError):
            return str(err[1])
        text: str = super()._exc_info_to_string(err, test)  # type: ignore[misc]
        return text

    def _keep(self, test: Any, outcome: str) -> None:
        test = _whole(test)  # A subtest that is skipped is reported in its own name.
        broken = _FIXTURE_FAILURE.fullmatch(test.id())
        if broken:
            self.broken_fixtures.append((broken[1], broken[2], outcome))
            return
        before = self.outcomes.get(test.id())
        if before is None or _RANK.index(before) < _RANK.index(outcome):
            self.outcomes[test.id()] = outcome


def tags_of(test: Any) -> frozenset[str]:
    """Return a test's tags, its class's included, as `--tag` sees them."""
    method = getattr(test, getattr(test, "_testMethodName", ""), None)
    return frozenset(getattr(test, "tags", ())) | frozenset(getattr(method, "tags", ()))
