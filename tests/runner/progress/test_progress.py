"""What is told in lines, where there is no terminal."""

from __future__ import annotations

import io
import time

from cdds_django.runner.progress.expectation import Expectation
from cdds_django.runner.progress.progress import LineProgress, LiveProgress, Progress
from cdds_django.runner.progress.state import Failure, Running, State

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


class OnTerminal:
    """Stands for the area, its stream and its looks: keeps what is shown."""

    is_within_line = False

    def __init__(self):
        self.shown = []

    def open(self):
        pass

    def close(self):
        self.shown = []

    def lines(self, state):
        return list(state.running)

    def draw(self, lines):
        self.shown = lines


def shown(running, look=None):
    terminal = OnTerminal()
    progress = LiveProgress(terminal, lambda: terminal, terminal, names_tests=False)
    progress.look = look
    progress.begin(a_state(began_ago_s=60))
    progress.turn([running], is_stopping=False)
    return terminal.shown


def test_a_test_that_takes_long_is_named():
    now_s = time.monotonic()
    of_class = Running(2, "a.T", now_s - 40)
    assert shown(of_class) == [of_class]
    assert shown(of_class, lambda worker: (now_s - 1, "a.T.test_1")) == [of_class]
    assert shown(of_class, lambda worker: (0.0, "")) == [of_class]
    hangs = (now_s - 20, "a.T.test_1")
    assert shown(of_class, lambda worker: hangs) == [Running(2, "a.T.test_1", now_s - 20)]
    # Most often nobody has to look.
    early = Running(2, "a.T", now_s - 1)
    assert shown(early, lambda worker: hangs) == [early]
