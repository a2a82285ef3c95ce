"""Trying failing tests again, each in a new process on a new fork of the databases."""

from __future__ import annotations

import unittest
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdds_django.runner.outcomes.events import FAILURES, Event
from cdds_django.runner.pool.orders import Order


@dataclass(frozen=True, kw_only=True)
class Retry:
    """Tests to run once more, and what is told of them if that doesn't come about."""

    order: Order
    events: tuple[Event, ...]


class Attempts:
    """Counts how often tests ran, and holds back what isn't their last word."""

    def __init__(self, retries: int, tests: Sequence[unittest.TestCase]) -> None:
        """`tests` are those of the run, at their places."""
        self._retries = retries
        self._tests = tests
        self.numbers: dict[str, int] = defaultdict(int)
        """How often each test ran, by id."""
        self.failures: dict[str, list[str]] = defaultdict(list)
        """What each test failed of in an attempt that was not its last, by id."""

    def sort_out(
        self, order: Order, events: Sequence[Event]
    ) -> tuple[Sequence[Event], Sequence[Retry]]:
        """Return what to tell now, and what to run again before the rest is told."""
        failing = {event.place for event in events if event.name in FAILURES}
        if None in failing:
            # A fixture's failure is one of all its tests.
            self.count(order.tests)
            if not self.may_try(order.tests):
                return events, ()
            return (), [self._retry(order.tests, events)]
        self.count({order.tests[event.place] for event in events if event.place is not None})
        told = list(events)
        retries = []
        for place in sorted(place for place in failing if place is not None):
            if self.may_try([order.tests[place]]):
                held_back = [event for event in told if event.place == place]
                told = [event for event in told if event.place != place]
                retries.append(self._retry((order.tests[place],), held_back))
        return told, retries

    def count(self, places: Iterable[int]) -> None:
        """Say that these tests ran once more."""
        for place in places:
            self.numbers[self._tests[place].id()] += 1

    def may_try(self, places: Iterable[int]) -> bool:
        """Whether none of these tests has had all its attempts."""
        return all(self.numbers[self._tests[place].id()] <= self._retries for place in places)

    def keep_failure(self, places: Iterable[int], text: str) -> None:
        """Keep what an attempt failed of."""
        for place in places:
            self.failures[self._tests[place].id()].append(text)

    def _retry(self, tests: tuple[int, ...], events: Sequence[Event]) -> Retry:
        for event in events:
            if event.name in FAILURES:
                self.keep_failure(tests, str(event.value or "It passed unexpectedly."))
        return Retry(order=Order(tests=tests, is_fresh=True), events=tuple(events))
