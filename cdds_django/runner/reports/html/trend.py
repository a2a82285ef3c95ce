"""Earlier runs and this one, for the charts."""

from __future__ import annotations

from typing import Any

from cdds_django.runner.outcomes.outcome import RunOutcome

FIELDS = (
    "started_at",
    "mode",
    "is_full",
    "is_whole",
    "discovered",
    "selected",
    "failed",
    "flaky",
    "total_s",
    "workers",
)


def past_and_present(run: RunOutcome) -> dict[str, Any]:
    """Return the fields of runs in short, and their values, the oldest run first."""
    runs = [*run.past_runs, run.in_short()]
    return {"fields": FIELDS, "runs": [[getattr(one, name) for name in FIELDS] for one in runs]}
