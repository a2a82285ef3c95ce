"""The outcome of all shards as that of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cdds_django.impact.choice.selection import Reason
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.outcomes.outcome import ChangeRow, RunOutcome, TestRow, Timings
from cdds_django.runner.shards.artefact import Artefact


def merged_outcome(artefacts: Sequence[Artefact]) -> RunOutcome:
    """Join the reports of shards. Times are those of the slowest, workers those of all."""
    reports = [artefact.report for artefact in artefacts]
    tests: dict[str, TestRow] = {}
    changes: dict[tuple[str, str, str], int] = {}
    workers = 0
    for report in reports:
        for told in report["tests"]:
            tests[told["id"]] = _test(told, workers)
        workers += report["workers"]
        for change in report["changes"]:
            key = change["kind"], change["key"], change["change"]
            changes[key] = changes.get(key, 0) + change["tests"]
    affected = {name for r in reports for name in r["contract"]["affected_operations"]}
    return RunOutcome(
        mode=reports[0]["mode"],
        full_run_reason=reports[0]["full_run_reason"],
        tests=tuple(tests[test] for test in sorted(tests)),
        changes=tuple(
            ChangeRow(kind=kind, key=key, change=change, tests=number)
            for (kind, key, change), number in sorted(
                changes.items(), key=lambda row: (-row[1], row[0])
            )
        ),
        operations=reports[0]["contract"]["operations"],
        affected_operations=tuple(sorted(affected)),
        contract_changes=_contract_changes(reports),
        fixture_failures={
            place: detail for r in reports for place, detail in r["fixture_failures"].items()
        },
        earlier_failures={
            told["id"]: told["earlier_failures"]
            for report in reports
            for told in report["tests"]
            if told.get("earlier_failures")
        },
        started_at=min(datetime.fromisoformat(report["started_at"]) for report in reports),
        is_whole=all(report["whole"] for report in reports),
        set_ups_s={place: took for r in reports for place, took in r["set_ups_s"].items()},
        timings=Timings(**{
            name: max(report["timings"].get(name, 0.0) for report in reports)
            for name in vars(Timings())
        }),
        workers=workers,
    )  # fmt: skip


def _contract_changes(reports: Sequence[Mapping[str, Any]]) -> tuple[ContractChange, ...] | None:
    # The shards have the same code. Not each of them need have compared it.
    for report in reports:
        changes = report["contract"].get("changes")
        if changes is not None:
            return tuple(map(ContractChange.from_json, changes))
    return None


def _test(told: Mapping[str, Any], others: int) -> TestRow:
    # Each shard counts its workers from 1.
    worker = None if told["worker"] is None else others + told["worker"]
    return TestRow(
        id=told["id"],
        outcome=told["outcome"],
        started_s=told["started_s"],
        duration_s=told["duration_s"],
        worker=worker,
        batch_id=told["batch_id"],
        attempts=told["attempts"],
        is_flaky=told["flaky"],
        detail=told["detail"],
        history=tuple(told["history"]),
        leftovers=tuple(told["leftovers"]),
        reasons=tuple(
            Reason(kind=r["kind"], key=r["key"], change=r["change"], via=tuple(r["via"]))
            for r in told["reasons"]
        ),
    )
