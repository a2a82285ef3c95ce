"""What is told in lines, where there is no terminal."""

from __future__ import annotations

import io
import time

from cdds_django.runner.progress.expectation import Expectation
from cdds_django.runner.progress.progress import LineProgress, Progress
from cdds_django.runner.progress.state import Failure, State

TESTS = [f"a.T.test_{number}" for number in range(2000)]


def a_state(began_ago_s=0.0):
    durations_s = dict.fromkeys(TESTS, 0.3)
    expectation = Expectation(TESTS, durations_s=durations_s, set_ups_s={}, workers=2)
    began_s = time.monotonic() - began_ago_s
    return State(total=len(TESTS), workers=2, expectation=expectation, began_s=began_s)


def test_a_line_now_and_then():
    stream = io.StringIO()
    progress = LineProgress(stream, after_dots=True)
    progress.begin(a_state())
    progress.turn([], is_stopping=False)
    assert stream.getvalue() == ""

    progress.begin(a_state(began_ago_s=60))
    for test in TESTS[:1200]:
        progress.finished(test, 0.3)
    for number in range(7):
        progress.failed(Failure("FAIL", f"a.T.test_{number}", "AssertionError"))
    progress.turn([], is_stopping=False)
    assert stream.getvalue().splitlines() == [
        "",
        "1,200 of 2,000 tests, 7 failed, about 2 min left",
        *(f"  FAIL: a.T.test_{number}" for number in range(5)),
        "  … and 2 more",
    ]
    progress.turn([], is_stopping=False)
    assert len(stream.getvalue().splitlines()) == 8
    assert "\x1b" not in stream.getvalue()


def test_each_failure_is_named_once():
    stream = io.StringIO()
    progress = LineProgress(stream, after_dots=False, interval_s=0.0)
    progress.begin(a_state())
    progress.failed(Failure("ERROR", "a.T.test_1", ""))
    progress.turn([], is_stopping=False)
    progress.turn([], is_stopping=False)
    assert stream.getvalue().count("ERROR: a.T.test_1") == 1
    assert stream.getvalue().startswith("0 of 2,000 tests, 1 failed")


def test_nothing():
    progress = Progress()
    progress.begin(a_state())
    progress.turn([], is_stopping=True)
    progress.end()
    assert progress.state.is_stopping
