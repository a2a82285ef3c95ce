"""The parent's test result: it replays what workers report, and keeps how each test ended."""

from __future__ import annotations

import re
import unittest
from collections.abc import Sequence
from typing import Any, NamedTuple

from cdds_django.impact.records import Outcome
from cdds_django.runner.outcomes.events import Event, whole

_FIXTURE_FAILURE = re.compile(r"(setUpModule|setUpClass|tearDownModule|tearDownClass) \((.+)\)")
_RANK = ("expected_failure", "passed", "skipped", "unexpected_success", "failed", "error")
"""A test that is reported twice (a failure, then an error in its tear-down) ends as the later."""


class BrokenFixture(NamedTuple):
    """A fixture of a class or a module that failed, or that skipped all its tests."""

    kind: str
    place: str
    """The dotted name of the class or module."""
    outcome: str
    """error or skipped."""
    detail: str
    """What it failed of, or why it skipped."""


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
        self.began_at_s: dict[str, float] = {}
        """When each test began, in seconds since the epoch, by id."""
        self.details: dict[str, str] = {}
        """What tests failed of, or why they were skipped, by id."""
        self.set_ups_s: dict[str, float] = {}
        """What setting up each class and module took, by dotted name."""
        self.all_tests_s = 0.0
        self.all_set_ups_s = 0.0
        """Seconds of all tests, and of all set-ups, each as often as it ran."""
        self.rounds: list[dict[str, Outcome]] = []
        """How the tests ended in each round, where they run more than once."""
        self.leftovers: dict[str, tuple[str, ...]] = {}
        """What tests left behind, by id."""
        self.broken_fixtures: list[BrokenFixture] = []
        self._fixtures_of_earlier_rounds = 0

    def addSuccess(self, test: Any) -> None:
        super().addSuccess(test)
        self._keep(test, "passed")

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        self._keep(test, "error", self.errors[-1][1])

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self._keep(test, "failed", self.failures[-1][1])

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        self._keep(test, "skipped", str(reason))

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self._keep(test, "expected_failure")

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self._keep(test, "unexpected_success", "It was expected to fail, and passed.")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            text = (self.failures if is_failure else self.errors)[-1][1]
            self._keep(test, "failed" if is_failure else "error", text)

    def note_duration(self, test: Any, seconds: float, began_at_s: float) -> None:
        self.durations_s[test.id()] = seconds
        self.began_at_s[test.id()] = began_at_s
        self.all_tests_s += seconds

    def note_set_up(self, place: str, seconds: float) -> None:
        # A class that is cut is set up by each part.
        self.all_set_ups_s += seconds
        self.set_ups_s[place] = max(seconds, self.set_ups_s.get(place, 0.0))

    def note_leftovers(self, test: Any, left: Sequence[str]) -> None:
        self.leftovers[test.id()] = tuple(left)

    def replay(self, event: Event, tests: Sequence[unittest.TestCase]) -> None:
        """Do what happened in a worker."""
        if event.name == "note_set_up":
            self.note_set_up(event.subject, event.value)
            return
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
        elif event.name == "note_duration":
            handler(test, *event.value)
        elif event.value is None:
            handler(test)
        else:
            handler(test, event.value)

    def end_round(self, selected: Sequence[unittest.TestCase]) -> None:
        """Begin anew, for the next run of the same tests."""
        self.rounds.append(self._outcomes_of_round(selected))
        self.outcomes = {}
        self._fixtures_of_earlier_rounds = len(self.broken_fixtures)

    def final_outcomes(self, selected: Sequence[unittest.TestCase]) -> dict[str, Outcome]:
        """Return the outcome of each test that ran, or that a broken fixture kept from running.

        Of several rounds it is the worst one.
        """
        worst: dict[str, Outcome] = {}
        for outcomes in self.rounds or [self._outcomes_of_round(selected)]:
            for test, outcome in outcomes.items():
                if test not in worst or _rank(worst[test].outcome) < _rank(outcome.outcome):
                    worst[test] = outcome
        return worst

    def _outcomes_of_round(self, selected: Sequence[unittest.TestCase]) -> dict[str, Outcome]:
        outcomes = dict(self.outcomes)
        for broken in self.broken_fixtures[self._fixtures_of_earlier_rounds :]:
            is_module = broken.kind.endswith("Module")
            for test in selected:
                cls = type(test)
                where = cls.__module__ if is_module else f"{cls.__module__}.{cls.__qualname__}"
                is_new = test.id() not in outcomes
                if where == broken.place and (broken.outcome == "error" or is_new):
                    outcomes[test.id()] = broken.outcome
                    self.details[test.id()] = broken.detail
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

    def _keep(self, test: Any, outcome: str, detail: str = "") -> None:
        test = whole(test)  # A subtest that is skipped is reported in its own name.
        broken = _FIXTURE_FAILURE.fullmatch(test.id())
        if broken:
            self.broken_fixtures.append(BrokenFixture(broken[1], broken[2], outcome, detail))
            return
        known = self.details.get(test.id())
        if detail:
            self.details[test.id()] = f"{known}\n{detail}" if known else detail
        before = self.outcomes.get(test.id())
        if before is None or _rank(before) < _rank(outcome):
            self.outcomes[test.id()] = outcome


def _rank(outcome: str) -> int:
    return _RANK.index(outcome)


def tags_of(test: Any) -> frozenset[str]:
    """Return a test's tags, its class's included, as `--tag` sees them."""
    method = getattr(test, getattr(test, "_testMethodName", ""), None)
    return frozenset(getattr(test, "tags", ())) | frozenset(getattr(method, "tags", ()))
