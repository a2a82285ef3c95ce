"""The whole of a run as reports see it."""

from __future__ import annotations

import unittest
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cdds_django.impact.choice.selection import Reason
from cdds_django.impact.records import Outcome, Recording
from cdds_django.impact.storage.history import PastRun
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.flaky.polluters import Verdict
from cdds_django.runner.outcomes.trend import RunSummary

NOT_SELECTED = "not_selected"
NOT_RUN = "not_run"
SELECTED = "selected"

PASSED_OUTCOMES = frozenset({"passed", "expected_failure"})
FAILED_OUTCOMES = frozenset({"failed", "error", "unexpected_success"})
OUTCOMES = (
    *("passed", "failed", "error", "skipped", "expected_failure", "unexpected_success"),
    *(NOT_SELECTED, NOT_RUN, SELECTED),
)
"""All of them. `selected` is the word where tests don't run, as with --explain."""


@dataclass(frozen=True, kw_only=True)
class Pollution:
    """What --find-polluter found."""

    verdict: Verdict
    tests: tuple[str, ...]
    """The ids of the tests after which the one in question fails."""


@dataclass(frozen=True, kw_only=True)
class Execution:
    """What running a suite brought."""

    tests: Sequence[unittest.TestCase]
    outcomes: Mapping[str, Outcome]
    """By test id, of the tests that ran or that a broken fixture kept from running."""
    recordings: Sequence[Recording]
    workers: Mapping[str, int]
    """The worker that ran each test, by id."""
    batch_ids: Mapping[str, str]
    """The batch that each test was in, by id."""
    processes: int
    fixture_failures: Mapping[str, str]
    """What fixtures failed of without any selected test showing it, by class or module."""
    failures: int
    """As Django's runner counts them; not 0 if the run was stopped before its end."""
    is_stopped: bool = False
    """Whether the run was stopped before its end."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """How often each test ran, where that may be more than once, by id."""
    earlier_failures: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What tests failed of in attempts that were not their last, by id."""
    rounds: Sequence[Mapping[str, Outcome]] = ()
    """How the tests ended in each round of --repeat."""
    set_ups_s: Mapping[str, float] = field(default_factory=dict)
    """What setting up each class and module took, by dotted name."""
    leftovers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What tests left behind, by id."""
    earlier: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For tests that failed, those that had run before in the same process, in order."""
    details: Mapping[str, str] = field(default_factory=dict)
    """What tests failed of, or why they were skipped, by id."""
    started_s: Mapping[str, float] = field(default_factory=dict)
    """When each test began, in seconds since tests began to run, by id."""
    pollution: Pollution | None = None


@dataclass(kw_only=True)
class Timings:
    """Seconds of wall time."""

    decide_s: float = 0.0
    """Choosing tests and importing them."""
    import_s: float = 0.0
    """The part of `decide_s` that went into importing test modules."""
    database_s: float = 0.0
    run_s: float = 0.0
    """From the first test to the last."""
    tests_s: float = 0.0
    """Of all workers together, in tests."""
    set_ups_s: float = 0.0
    """Of all workers together, in set-ups of classes and modules."""
    idle_s: float = 0.0
    """Of all workers together, in neither, while tests were running."""
    total_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class TestRow:
    """One discovered test."""

    __test__ = False

    id: str
    outcome: str
    started_s: float | None = None
    """Seconds from when tests began to run; of the last attempt."""
    duration_s: float = 0.0
    worker: int | None = None
    attempts: int = 0
    is_flaky: bool = False
    """Whether it also ended otherwise within this run."""
    batch_id: str | None = None
    detail: str = ""
    """What it failed of, or why it was skipped."""
    history: tuple[str, ...] = ()
    """How it ended in earlier runs, oldest first, if not always as now."""
    leftovers: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    operations: frozenset[str] = frozenset()
    """The operations that it called when it last ran, where that was asked for."""


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """One thing that isn't as it was, and how many of the discovered tests it selected."""

    kind: str
    key: str
    change: str
    tests: int


@dataclass(frozen=True, kw_only=True)
class CoverageInShort:
    """What a run with --coverage covered."""

    percent: float | None
    """As coverage.py's report says it; None where it couldn't be made."""
    files: int
    """Files of which anything was covered."""
    measured_classes: int
    """Test classes whose lines were measured in this run."""
    carried_classes: int
    """Test classes whose lines were carried over from the run that they last ran in."""


@dataclass(frozen=True, kw_only=True)
class RunOutcome:
    """What ran and why."""

    mode: str
    """full, delta or contract."""
    full_run_reason: str | None
    tests: tuple[TestRow, ...]
    note: str | None = None
    """What a person should know of the choice."""
    changes: tuple[ChangeRow, ...] = ()
    operations: int = 0
    operation_labels: Mapping[str, str] = field(default_factory=dict)
    """Method and path of the contract's operations, by operationId, where a report shows them."""
    affected_operations: tuple[str, ...] = ()
    contract_changes: tuple[ContractChange, ...] | None = None
    """How the code's contract differs from the committed one, the gravest change first; None where
    they weren't compared."""
    contract_problem: str = ""
    """Why they couldn't be compared, where that was tried."""
    fixture_failures: Mapping[str, str] = field(default_factory=dict)
    """What fixtures failed of without keeping any selected test from passing, by their place."""
    started_at: datetime | None = None
    """When the run began."""
    is_whole: bool = False
    """Whether all tests were asked for, not some labels, tags or a part."""
    past_runs: tuple[RunSummary, ...] = ()
    """Earlier runs, oldest first."""
    timings: Timings = field(default_factory=Timings)
    workers: int = 0
    rounds: int = 1
    varying: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """How often each outcome came in the rounds of --repeat, of the tests with more than one."""
    earlier_failures: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What flaky tests failed of before they passed, by id."""
    set_ups_s: Mapping[str, float] = field(default_factory=dict)
    pollution: Pollution | None = None
    coverage: CoverageInShort | None = None
    """There with --coverage."""

    @property
    def flaky(self) -> list[TestRow]:
        return [test for test in self.tests if test.is_flaky]

    @property
    def discovered(self) -> int:
        return len(self.tests)

    @property
    def selected(self) -> int:
        return sum(test.outcome != NOT_SELECTED for test in self.tests)

    @property
    def skip_ratio(self) -> float:
        """Tests left out per test discovered."""
        return (self.discovered - self.selected) / self.discovered if self.tests else 0.0

    def count(self, *outcomes: str) -> int:
        return sum(test.outcome in outcomes for test in self.tests)

    @property
    def failed(self) -> int:
        """Tests that failed, and fixtures that did without a test showing it."""
        return self.count(*FAILED_OUTCOMES) + len(self.fixture_failures)

    def in_short(self) -> RunSummary:
        """Return what is kept of this run."""
        timings = self.timings
        began = self.started_at or datetime.now(UTC)
        return RunSummary(
            started_at=began.isoformat(timespec="seconds"),
            mode=self.mode,
            is_full=self.selected == self.discovered > 0,
            is_whole=self.is_whole,
            discovered=self.discovered,
            selected=self.selected,
            passed=self.count(*PASSED_OUTCOMES),
            failed=self.failed,
            skipped=self.count("skipped"),
            not_run=self.count(NOT_RUN),
            flaky=len(self.flaky),
            workers=self.workers,
            total_s=round(timings.total_s, 3),
            decide_s=round(timings.decide_s, 3),
            database_s=round(timings.database_s, 3),
            run_s=round(timings.run_s, 3),
            tests_s=round(timings.tests_s, 3),
        )


def rows(
    discovered: Mapping[str, tuple[Reason, ...] | None],
    execution: Execution | None,
    *,
    default: str,
    operations: Mapping[str, frozenset[str]],
    histories: Mapping[str, Sequence[PastRun]],
) -> Iterator[TestRow]:
    """Yield a row for each discovered test; `default` is the outcome of selected ones without.

    `discovered` gives the reasons of each selected test, None for those left out.
    """
    for test, reasons in discovered.items():
        outcome = execution.outcomes.get(test) if execution is not None else None
        if reasons is None:
            yield TestRow(id=test, outcome=NOT_SELECTED)
        elif execution is None or outcome is None:
            yield TestRow(
                id=test,
                outcome=default,
                reasons=reasons,
                operations=operations.get(test, frozenset()),
            )
        else:
            worker = execution.workers.get(test)
            yield TestRow(
                id=test,
                outcome=outcome.outcome,
                started_s=execution.started_s.get(test),
                duration_s=outcome.duration_s,
                worker=worker,
                attempts=execution.attempts.get(test, 0 if worker is None else 1),
                is_flaky=outcome.is_flaky,
                batch_id=execution.batch_ids.get(test),
                detail=execution.details.get(test, ""),
                history=_history(histories.get(test, ()), outcome),
                leftovers=tuple(execution.leftovers.get(test, ())),
                reasons=reasons,
                operations=operations.get(test, frozenset()),
            )


def _history(past: Sequence[PastRun], now: Outcome) -> tuple[str, ...]:
    told = tuple("flaky" if run.is_flaky else run.outcome for run in past)
    is_steady = set(told) <= {now.outcome} and not now.is_flaky
    return () if is_steady else told
