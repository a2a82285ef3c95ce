"""The whole of a run as reports see it."""

from __future__ import annotations

import unittest
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cdds_django.impact.records import Outcome, Recording
from cdds_django.impact.selection import Reason

NOT_SELECTED = "not_selected"
NOT_RUN = "not_run"
SELECTED = "selected"

PASSED_OUTCOMES = frozenset({"passed", "expected_failure"})
FAILED_OUTCOMES = frozenset({"failed", "error", "unexpected_success"})


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
    broken_fixtures: int
    """How many fixtures failed without any selected test showing it."""
    failures: int
    """As Django's runner counts them; not 0 if the run was stopped before its end."""


@dataclass(kw_only=True)
class Timings:
    """Seconds of wall time."""

    decide_s: float = 0.0
    database_s: float = 0.0
    run_s: float = 0.0
    total_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class TestRow:
    """One discovered test."""

    __test__ = False

    id: str
    outcome: str
    duration_s: float = 0.0
    worker: int | None = None
    batch_id: str | None = None
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
    affected_operations: tuple[str, ...] = ()
    broken_fixtures: int = 0
    """Fixtures that failed without keeping any selected test from passing."""
    timings: Timings = field(default_factory=Timings)
    workers: int = 0

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

    def count(self, outcomes: frozenset[str]) -> int:
        return sum(test.outcome in outcomes for test in self.tests)


def rows(
    discovered: Mapping[str, tuple[Reason, ...] | None],
    outcomes: Mapping[str, Outcome],
    *,
    default: str,
    workers: Mapping[str, int],
    batch_ids: Mapping[str, str],
    operations: Mapping[str, frozenset[str]],
) -> Iterator[TestRow]:
    """Yield a row for each discovered test; `default` is the outcome of selected ones without.

    `discovered` gives the reasons of each selected test, None for those left out.
    """
    for test, reasons in discovered.items():
        if reasons is None:
            yield TestRow(id=test, outcome=NOT_SELECTED)
            continue
        outcome = outcomes.get(test)
        yield TestRow(
            id=test,
            outcome=outcome.outcome if outcome else default,
            duration_s=outcome.duration_s if outcome else 0.0,
            worker=workers.get(test) if outcome else None,
            batch_id=batch_ids.get(test) if outcome else None,
            reasons=reasons,
            operations=operations.get(test, frozenset()),
        )
