"""Putting together what came of running a suite."""

from __future__ import annotations

import unittest
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cdds_django.impact.records import Outcome, Recording
from cdds_django.runner.flaky.repeating import varying
from cdds_django.runner.outcomes.outcome import (
    FAILED_OUTCOMES,
    PASSED_OUTCOMES,
    Execution,
    Pollution,
    Timings,
)
from cdds_django.runner.outcomes.results import BrokenFixture, OutcomeKeeper
from cdds_django.runner.pool.polluter_suite import PolluterSuite
from cdds_django.runner.pool.suite import PooledSuite


def gather(
    result: OutcomeKeeper,
    suite: unittest.TestSuite,
    tests: Sequence[unittest.TestCase],
    *,
    processes: int,
    recordings: Sequence[Recording],
    batch_id: str,
    began_at_s: float,
    failures: int,
) -> Execution:
    """Return what running `tests` in `suite` brought.

    `batch_id` is that of this process, `began_at_s` when the run began, in seconds since the epoch.
    `failures` is the count of Django's runner.
    """
    ids = [test.id() for test in tests]
    outcomes = result.final_outcomes(tests)
    # A run that was stopped before its end hasn't passed, whatever ran till then.
    is_cut_short = result.shouldStop and len(outcomes) < len(ids)
    many: dict[str, Any] = {}
    if isinstance(suite, PooledSuite):
        workers: Mapping[str, int] = suite.workers
        batch_ids: Mapping[str, str] = suite.batch_ids
        earlier: Mapping[str, Sequence[str]] = suite.earlier
        outcomes = _with_flaky(outcomes, suite.attempts.numbers, result.rounds)
        many = {
            "attempts": dict(suite.attempts.numbers),
            "earlier_failures": dict(suite.attempts.failures),
        }
        if isinstance(suite, PolluterSuite):
            many["pollution"] = Pollution(
                verdict=suite.verdict,
                tests=tuple(tests[place].id() for place in suite.verdict.polluters),
            )
    else:
        workers = dict.fromkeys(ids, 1)
        batch_ids = dict.fromkeys(ids, batch_id)
        earlier = {
            test: ids[:place] for place, test in enumerate(ids) if _has_failed(outcomes, test)
        }
    return Execution(
        tests=tests,
        outcomes=outcomes,
        recordings=recordings,
        workers=workers,
        batch_ids=batch_ids,
        processes=processes,
        fixture_failures=_unseen(result.broken_fixtures, tests),
        failures=failures or int(is_cut_short),
        is_stopped=is_cut_short,
        rounds=result.rounds,
        set_ups_s=result.set_ups_s,
        leftovers=result.leftovers,
        details=_details(result, outcomes),
        started_s={test: at_s - began_at_s for test, at_s in result.began_at_s.items()},
        earlier={test: ran for test, ran in earlier.items() if _has_failed(outcomes, test)},
        **many,
    )


def add_times(timings: Timings, result: OutcomeKeeper, processes: int) -> None:
    """Say what the workers did in the time that the run took."""
    timings.tests_s, timings.set_ups_s = result.all_tests_s, result.all_set_ups_s
    busy_s = timings.tests_s + timings.set_ups_s
    timings.idle_s = max(0.0, timings.run_s * processes - busy_s)


def _with_flaky(
    outcomes: Mapping[str, Outcome],
    attempts: Mapping[str, int],
    rounds: Sequence[Mapping[str, Outcome]],
) -> dict[str, Outcome]:
    flaky = set(varying(rounds))
    if not rounds:
        flaky = {
            test
            for test, outcome in outcomes.items()
            if attempts.get(test, 1) > 1 and outcome.outcome in PASSED_OUTCOMES
        }
    return {
        test: replace(outcome, is_flaky=True) if test in flaky else outcome
        for test, outcome in outcomes.items()
    }


def _has_failed(outcomes: Mapping[str, Outcome], test: str) -> bool:
    outcome = outcomes.get(test)
    return outcome is not None and (outcome.is_flaky or outcome.outcome in FAILED_OUTCOMES)


def _details(result: OutcomeKeeper, outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    """Return what tests failed of. One that passed in a later attempt failed of nothing."""
    return {
        test: detail
        for test, detail in result.details.items()
        if test in outcomes and outcomes[test].outcome not in PASSED_OUTCOMES
    }


def _unseen(broken: Sequence[BrokenFixture], tests: Sequence[unittest.TestCase]) -> dict[str, str]:
    """Return the failed fixtures of which no selected test is part."""
    classes = {type(test) for test in tests}
    seen = {cls.__module__ for cls in classes}
    seen |= {f"{cls.__module__}.{cls.__qualname__}" for cls in classes}
    return {
        fixture.place: fixture.detail
        for fixture in broken
        if fixture.outcome == "error" and fixture.place not in seen
    }
