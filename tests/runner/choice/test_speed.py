"""Tests by the time that they took, and where a run's time went."""

from __future__ import annotations

import pytest

from cdds_django.runner.choice.speed import is_of_speed
from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow, Timings
from cdds_django.runner.reports import times


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, ["fast"]),
        (0.0999, ["fast"]),
        (0.1, ["medium"]),
        (0.999, ["medium"]),
        (1.0, ["slow"]),
        (100.0, ["slow"]),
        (None, ["fast", "medium", "slow"]),
    ],
)
def test_classes(seconds, expected):
    known = {} if seconds is None else {"test": seconds}
    speeds = ("fast", "medium", "slow")
    assert [s for s in speeds if is_of_speed("test", s, known, (0.1, 1.0))] == expected


def test_selection(make_project):
    project = make_project(
        {
            "tests/__init__.py": "",
            "tests/test_speed.py": """
import time

from django.test import SimpleTestCase


class SpeedTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        time.sleep(0.2)

    def test_fast(self):
        pass

    def test_medium(self):
        time.sleep(0.15)

    def test_slow(self):
        time.sleep(0.45)
""",
        },
        "CDDS = {'SPEED_LIMITS': [0.1, 0.4]}\n",
    )
    first = project.test("--parallel", "1", "--speed", "slow", "-v", "2")
    assert len(first.passed) == 3, first.text
    assert "Slowest set-ups:\n  0.2" in first.output
    assert "  0.4" in first.output.split("Slowest tests:\n")[1].splitlines()[0]
    assert "importing tests" in first.output
    timings = first.report["timings"]
    assert timings["tests_s"] > 0.6
    assert 0.2 <= timings["set_ups_s"] < timings["run_s"]
    project.write(
        {
            "tests/test_new.py": "from tests.test_speed import *\nclass NewTests(SimpleTestCase):\n"
            "    def test_new(self):\n        pass\n"
        }
    )
    fast = project.test("--parallel", "1", "--speed", "fast", "--no-record")
    assert {"SpeedTests.test_fast", "NewTests.test_new"} <= set(fast.passed), fast.text
    assert not [i for i in fast.outcomes if i.startswith("tests.test_speed") and "slow" in i]


def run(**timings):
    return RunOutcome(
        mode="full",
        full_run_reason=None,
        tests=(TestRow(id="a.test", outcome="passed", duration_s=2.5),),
        timings=Timings(**timings),
        workers=2,
        set_ups_s={"a.Tests": 1.25},
    )


def test_only_long_runs_tell_unasked():
    short, long = run(total_s=29.0), run(total_s=31.0, tests_s=6.0, set_ups_s=1.0, idle_s=3.0)
    assert list(times.lines(short, verbosity=1, durations=None)) == []
    told = list(times.lines(long, verbosity=1, durations=None))
    assert told[:4] == [
        "Slowest tests:",
        "  2.50 s  a.test",
        "Slowest set-ups:",
        "  1.25 s  a.Tests",
    ]
    assert told[-1] == "While tests ran: 60% in tests, 10% in set-ups, 30% idle or between them."
    # unittest lists the slowest tests itself.
    assert next(times.lines(short, verbosity=1, durations=1)) == "Slowest set-ups:"
