"""Counting a run: from what was chosen and what happened to what reports show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cdds_django.impact.storage.history import PastRun
from cdds_django.runner.choice.selecting import Choice, Reasons
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.flaky.repeating import varying
from cdds_django.runner.outcomes.outcome import ChangeRow, Execution, RunOutcome, Timings, rows
from cdds_django.runner.outcomes.trend import RunSummary

if TYPE_CHECKING:
    from cdds_django.runner.drift.check import DriftCheck


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What is known of a run before its tests run. Timings and drift are filled in later."""

    choice: Choice
    discovered: Mapping[str, Reasons | None]
    """Why each discovered test runs, None for those left out."""
    contract: ContractView
    drift: DriftCheck | None
    """There where the contract may be compared with the committed one."""
    timings: Timings
    started_at: datetime
    is_whole: bool
    """Whether all of the project's tests are meant."""
    past_runs: tuple[RunSummary, ...]

    def outcome(
        self,
        execution: Execution | None,
        *,
        default: str,
        past: Mapping[str, Sequence[PastRun]] | None = None,
    ) -> RunOutcome:
        """Return the outcome of the run, or of its selection where `execution` is None.

        `default` is the outcome of selected tests that didn't run; `past` is how tests ended in
        earlier runs, by id.
        """
        choice, contract = self.choice, self.contract
        tests = tuple(
            rows(
                self.discovered,
                execution,
                default=default,
                operations=choice.recorded,
                histories=past or {},
            )
        )
        changes = _changes(choice, self.discovered)
        return RunOutcome(
            mode=choice.mode,
            full_run_reason=choice.full_run_reason,
            note=choice.note,
            tests=tests,
            changes=changes,
            operations=len(contract.committed.operations) if contract.committed is not None else 0,
            affected_operations=tuple(c.key for c in changes if c.kind == "operation"),
            contract_changes=self.drift.changes if self.drift is not None else None,
            contract_problem=self.drift.problem if self.drift is not None else "",
            started_at=self.started_at,
            is_whole=self.is_whole,
            past_runs=self.past_runs,
            timings=self.timings,
            workers=execution.processes if execution is not None else 0,
            **(_of_execution(execution) if execution is not None else {}),
        )


def _of_execution(execution: Execution) -> dict[str, Any]:
    return {
        "rounds": max(len(execution.rounds), 1),
        "varying": varying(execution.rounds),
        "earlier_failures": execution.earlier_failures,
        "fixture_failures": execution.fixture_failures,
        "set_ups_s": execution.set_ups_s,
        "pollution": execution.pollution,
    }


def _changes(choice: Choice, discovered: Mapping[str, Reasons | None]) -> tuple[ChangeRow, ...]:
    counts: Counter[tuple[str, str, str]] = Counter()
    if choice.selection is not None:
        for change in choice.selection.changes:
            counts[change.kind, change.key, change.change] += 0
    for reasons in discovered.values():
        counts.update(
            {
                (reason.kind, reason.key, reason.change)
                for reason in reasons or ()
                if reason.kind not in ("test", "full_run", "coverage")
            }
        )
    return tuple(
        ChangeRow(kind=kind, key=key, change=change, tests=tests)
        for (kind, key, change), tests in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    )
