"""What is told of a failing test, and when."""

from __future__ import annotations

import unittest

from cdds_django.runner.flaky.attempts import Attempts
from cdds_django.runner.outcomes.events import Event
from cdds_django.runner.pool.orders import Order


class Cases(unittest.TestCase):
    __test__ = False

    def test_a(self):
        pass

    test_b = test_c = test_a


TESTS = [Cases(f"test_{name}") for name in "abc"]
A, B, C = (test.id() for test in TESTS)


def passing(place):
    return [Event(name, place, "") for name in ("startTest", "addSuccess", "stopTest")]


def failing(place):
    error = Event("addFailure", place, "", "AssertionError: no", True)
    return [Event("startTest", place, ""), error, Event("stopTest", place, "")]


def test_only_the_last_attempt_counts():
    attempts = Attempts(1, TESTS)
    order = Order(tests=(2, 0))
    told, (retry,) = attempts.sort_out(order, [*passing(0), *failing(1)])
    assert told == passing(0)
    assert retry.order == Order(tests=(0,), is_fresh=True)
    assert retry.events == tuple(failing(1))
    told, retries = attempts.sort_out(retry.order, failing(0))
    assert (told, retries) == (failing(0), [])
    assert attempts.numbers == {A: 2, C: 1}
    assert attempts.failures == {A: ["AssertionError: no"]}


def test_without_retries_all_is_told():
    attempts = Attempts(0, TESTS)
    events = [*failing(0), *failing(1)]
    assert attempts.sort_out(Order(tests=(0, 1)), events) == (events, [])


def test_a_fixture_fails_for_all_its_tests():
    attempts = Attempts(1, TESTS)
    broken = [Event("addError", None, "setUpClass (Cases)", "RuntimeError: no")]
    told, (retry,) = attempts.sort_out(Order(tests=(0, 1)), broken)
    assert (told, retry.order.tests) == ((), (0, 1))
    told, retries = attempts.sort_out(retry.order, [*passing(0), *failing(1)])
    assert (list(told), list(retries)) == ([*passing(0), *failing(1)], [])
    assert attempts.numbers == {A: 2, B: 2}


def test_an_expected_failure_is_none():
    attempts = Attempts(3, TESTS)
    events = [
        Event("addExpectedFailure", 0, "", "as expected"),
        Event("addUnexpectedSuccess", 1, ""),
    ]
    told, (retry,) = attempts.sort_out(Order(tests=(0, 1)), events)
    assert (told, retry.order.tests) == (events[:1], (1,))
