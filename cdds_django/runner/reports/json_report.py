"""`--report-json`: what ran and why, for programs.

`report.schema.json` beside this module describes it as a JSON Schema.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdds_django.files import write_text
from cdds_django.impact.choice.selection import Reason
from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow

SCHEMA = 1


def write(path: Path, run: RunOutcome) -> None:
    """Write the report. Raises StateFileError."""
    write_text(path, json.dumps(as_json(run), indent=1) + "\n")


def as_json(run: RunOutcome) -> dict[str, Any]:
    """Return the report as the documentation describes it."""
    return {
        "schema": SCHEMA,
        "mode": run.mode,
        "full_run_reason": run.full_run_reason,
        "discovered": run.discovered,
        "selected": run.selected,
        "skipped": run.discovered - run.selected,
        "delta_skip_ratio": round(run.skip_ratio, 4),
        "tests": [_test(test, run.earlier_failures.get(test.id, ())) for test in run.tests],
        "changes": [
            {"kind": c.kind, "key": c.key, "change": c.change, "tests": c.tests}
            for c in run.changes
        ],
        "contract": {
            "operations": run.operations,
            "affected_operations": list(run.affected_operations),
            "changes": _contract_changes(run),
            "problem": run.contract_problem or None,
        },
        "timings": {name: round(seconds, 3) for name, seconds in vars(run.timings).items()},
        "set_ups_s": {place: round(seconds, 4) for place, seconds in run.set_ups_s.items()},
        "started_at": run.started_at.isoformat() if run.started_at is not None else None,
        "whole": run.is_whole,
        "fixture_failures": dict(run.fixture_failures),
        "workers": run.workers,
        "rounds": run.rounds,
        "polluters": None if run.pollution is None else list(run.pollution.tests),
        "varying": {test: dict(counts) for test, counts in run.varying.items()},
    }


def _contract_changes(run: RunOutcome) -> list[dict[str, Any]] | None:
    changes = run.contract_changes
    return None if changes is None else [change.as_json() for change in changes]


def _test(test: TestRow, earlier_failures: Sequence[str]) -> dict[str, Any]:
    return {
        "id": test.id,
        "outcome": test.outcome,
        "detail": test.detail,
        "started_s": None if test.started_s is None else round(test.started_s, 4),
        "duration_s": round(test.duration_s, 4),
        "worker": test.worker,
        "attempts": test.attempts,
        "earlier_failures": list(earlier_failures),
        "flaky": test.is_flaky,
        "history": list(test.history),
        "leftovers": list(test.leftovers),
        "batch_id": test.batch_id,
        "reasons": [_reason(reason) for reason in test.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "kind": reason.kind,
        "key": reason.key,
        "change": reason.change,
        "via": list(reason.via),
    }
