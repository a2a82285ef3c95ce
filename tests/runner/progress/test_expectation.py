"""When a run is expected to end."""

from __future__ import annotations

import pytest

from cdds_django.runner.progress.expectation import Expectation, class_of

TESTS = [f"shop.tests.T.test_{number}" for number in range(10)]
RECORDED = {"durations_s": dict.fromkeys(TESTS, 2.0), "set_ups_s": {"shop.tests.T": 4.0}}


def test_recorded_times_are_shared_among_workers():
    assert Expectation(TESTS, **RECORDED, workers=1).left_s(0) == pytest.approx(24)
    assert Expectation(TESTS, **RECORDED, workers=4).left_s(0) == pytest.approx(6)
    assert Expectation(TESTS, **RECORDED, workers=1, rounds=3).left_s(0) == pytest.approx(72)


def test_time_goes_on_before_anything_is_told():
    expected = Expectation(TESTS, **RECORDED, workers=1)
    assert expected.left_s(5) == pytest.approx(19)
    # But what isn't known to be done may not be done.
    assert expected.left_s(1000) > 10


def test_a_slow_machine_is_noticed():
    expected = Expectation(TESTS, **RECORDED, workers=1)
    expected.finished("shop.tests.T", 8.0)
    for test in TESTS[:5]:
        expected.finished(test, 4.0)
    # Half of the work took 28 s, and 14 s were recorded for it.
    assert 17 < expected.left_s(28) < 21
    for test in TESTS[5:]:
        expected.finished(test, 4.0)
    assert expected.left_s(48) == 0
    expected.finished("no such test", 1.0)
    assert expected.left_s(48) == 0


def test_new_tests_are_taken_for_average_ones():
    expected = Expectation(["a.T.test_1", "a.T.test_2"], durations_s={"a.T.test_1": 3.0},
                           set_ups_s={}, workers=1)  # fmt: skip
    assert expected.left_s(0) == pytest.approx(6)


def test_nothing_is_said_where_nothing_is_known():
    expected = Expectation(TESTS, durations_s={}, set_ups_s={}, workers=2)
    assert expected.left_s(3) is None
    for test in TESTS[:5]:
        expected.finished(test, 2.0)
    assert expected.left_s(5) == pytest.approx(5)


def test_class_of():
    assert class_of(TESTS[0]) == "shop.tests.T"
