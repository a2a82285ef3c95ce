"""What is told when a run is over."""

from __future__ import annotations

from dataclasses import replace

from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow, Timings
from cdds_django.runner.reports import ending
from cdds_django.runner.reports.times import saved

LEFT_OUT = TestRow(id="a.T.test_1", outcome="not_selected")
PASSED = TestRow(id="a.T.test_2", outcome="passed")


def run(*rows, **more):
    return RunOutcome(
        **{
            "mode": "delta",
            "full_run_reason": None,
            "tests": rows,
            "is_whole": True,
            "timings": Timings(total_s=3.42),
            **more,
        }
    )


def past(total_s, *rows, **more):
    return run(*rows, timings=Timings(total_s=total_s), **more).in_short()


FULL = past(130, PASSED, PASSED)


def test_time_saved_against_the_last_full_run():
    # A later run that left tests out, one of a part, one that was stopped.
    others = (
        past(1, PASSED, LEFT_OUT),
        past(2, PASSED, PASSED, is_whole=False),
        past(3, PASSED, TestRow(id="a.T.test_3", outcome="not_run")),
    )
    told = saved(run(PASSED, LEFT_OUT, past_runs=(past(5, PASSED), FULL, *others)))
    assert list(told) == ["Took 3.4 s; the last full run took 2 min 10 s."]


def test_nothing_is_said_where_nothing_was_saved():
    assert not list(saved(run(PASSED, LEFT_OUT)))
    assert not list(saved(run(PASSED, past_runs=(FULL,))))
    assert not list(saved(run(PASSED, LEFT_OUT, mode="contract", past_runs=(FULL,))))
    assert not list(saved(run(PASSED, LEFT_OUT, is_whole=False, past_runs=(FULL,))))


def test_the_counts_come_last():
    outcome = run(
        PASSED, LEFT_OUT, replace(PASSED, outcome="not_run"), past_runs=(FULL,),
        contract_problem="odd",
    )  # fmt: skip
    told = list(ending.lines(outcome, verbosity=1, durations=None, snapshot="api.json"))
    assert told == [
        "The contract wasn't compared with api.json: odd",
        "Took 3.4 s; the last full run took 2 min 10 s.",
        "Stopped before 1 test could run.",
        "1 passed, 0 failed",
    ]
    assert list(ending.lines(outcome, verbosity=0, durations=None, snapshot="")) == told[-1:]
