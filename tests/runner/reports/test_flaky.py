"""What a run tells of tests that vary, in words."""

from __future__ import annotations

import pytest

from cdds_django.runner.flaky.polluters import Verdict
from cdds_django.runner.outcomes.outcome import Pollution, RunOutcome, TestRow
from cdds_django.runner.reports.flaky import lines


def run(*tests, **others):
    return RunOutcome(mode="full", full_run_reason=None, tests=tests, **others)


def test_nothing_to_tell():
    steady = TestRow(id="a.test", outcome="failed", attempts=3)
    assert list(lines(run(steady))) == []


def test_flaky():
    test = TestRow(id="a.test", outcome="passed", attempts=2, is_flaky=True)
    failures = {"a.test": ["Traceback\n  …\nAssertionError: 1 != 2\n"]}
    assert list(lines(run(test, earlier_failures=failures))) == [
        "Flaky: 1 test passed in a later attempt only.",
        "  a.test (attempt 2)",
        "    AssertionError: 1 != 2",
    ]


def test_rounds():
    test = TestRow(id="a.test", outcome="failed", is_flaky=True)
    assert list(lines(run(test, rounds=3))) == ["Ran 3 times; no outcome varied."]
    varying = {"a.test": {"passed": 2, "failed": 1}}
    assert list(lines(run(test, rounds=3, varying=varying))) == [
        "Ran 3 times; the outcome of 1 test varied:",
        "  a.test: 1 failed, 2 passed",
    ]


def test_leftovers():
    rows = [TestRow(id=f"a.{n}", outcome="passed", leftovers=("file x", "rows")) for n in range(32)]
    told = list(lines(run(*rows)))
    assert told[:2] == ["Left behind by 32 tests:", "  a.0: file x; rows"]
    assert told[-1] == "  … and 2 more (--report-json has them all)"


@pytest.mark.parametrize(
    ("verdict", "tests", "expected"),
    [
        (Verdict(fails_alone=True), (), "a.test fails by itself: no other test makes it fail."),
        (
            Verdict(),
            (),
            "a.test doesn't fail after the tests that ran before it when it last failed.",
        ),
        (Verdict(fails_after_all=True), ("b.test",), "a.test fails after b.test."),
        (
            Verdict(fails_after_all=True),
            ("b.test", "c.test"),
            "a.test fails after these together, in this order:",
        ),
        (
            Verdict(fails_after_all=True, is_complete=False),
            ("b.test", "c.test"),
            "a.test fails after these together, in this order, and others before them:",
        ),
    ],
)
def test_polluters(verdict, tests, expected):
    row = TestRow(id="a.test", outcome="failed")
    told = list(lines(run(row, pollution=Pollution(verdict=verdict, tests=tests))))
    assert told[0] == expected
    assert told[1:] == ([f"  {test}" for test in tests] if len(tests) > 1 else [])
