"""Counting a run: from what was chosen and what happened to what reports show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cdds_django.impact.storage.history import PastRun
from cdds_django.runner.choice.selecting import Choice, Reasons
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.flaky.repeating import varying
from cdds_django.runner.outcomes.outcome import ChangeRow, Execution, RunOutcome, Timings, rows


def tally(
    choice: Choice,
    discovered: Mapping[str, Reasons | None],
    execution: Execution | None,
    *,
    contract: ContractView,
    default: str,
    timings: Timings,
    past: Mapping[str, Sequence[PastRun]],
    **more: Any,
) -> RunOutcome:
    """Return the outcome of a run, or of its selection where `execution` is None.

    `past` is how tests ended in earlier runs, by id; `more` are further fields of the outcome.
    """
    tests = tuple(
        rows(
            discovered,
            execution,
            default=default,
            operations=choice.recorded,
            histories=past,
        )
    )
    changes = _changes(choice, discovered)
    return RunOutcome(
        mode=choice.mode,
        full_run_reason=choice.full_run_reason,
        note=choice.note,
        tests=tests,
        changes=changes,
        operations=len(contract.committed.operations) if contract.committed is not None else 0,
        affected_operations=tuple(c.key for c in changes if c.kind == "operation"),
        timings=timings,
        workers=execution.processes if execution is not None else 0,
        **(_of_execution(execution) if execution is not None else {}),
        **more,
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
