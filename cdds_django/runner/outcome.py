"""The whole of a run as reports see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cdds_django.impact.records import Outcome
from cdds_django.impact.selection import Reason

NOT_SELECTED = "not_selected"
NOT_RUN = "not_run"
SELECTED = "selected"

PASSED_OUTCOMES = frozenset({"passed", "expected_failure"})
FAILED_OUTCOMES = frozenset({"failed", "error", "unexpected_success"})


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
    batch_ids: Mapping[int, str],
) -> Iterator[TestRow]:
    """Yield a row for each discovered test; `default` is the outcome of selected ones without.

    `discovered` gives the reasons of each selected test, None for those left out.
    """
    for test, reasons in discovered.items():
        if reasons is None:
            yield TestRow(id=test, outcome=NOT_SELECTED)
            continue
        outcome = outcomes.get(test)
        worker = workers.get(test) if outcome else None
        yield TestRow(
            id=test,
            outcome=outcome.outcome if outcome else default,
            duration_s=outcome.duration_s if outcome else 0.0,
            worker=worker,
            batch_id=batch_ids.get(worker) if worker is not None else None,
            reasons=reasons,
        )
