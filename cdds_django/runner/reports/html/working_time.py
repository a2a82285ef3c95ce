"""Where the time went, as parts of a bar."""

from __future__ import annotations

from dataclasses import dataclass

from cdds_django.runner.outcomes.outcome import Timings
from cdds_django.runner.reports.html.numbers import duration


@dataclass(frozen=True, kw_only=True)
class Part:
    name: str
    took: str
    percent: str


def stages(timings: Timings) -> list[Part]:
    """Return what the run did one after the other."""
    parts = {
        "choosing tests": timings.decide_s - timings.import_s,
        "importing tests": timings.import_s,
        "preparing databases": timings.database_s,
        "running tests": timings.run_s,
    }
    parts["recording and reporting"] = max(0.0, timings.total_s - sum(parts.values()))
    return _parts(parts)


def use_of_workers(timings: Timings) -> list[Part]:
    """Return what all workers together did while tests were running."""
    return _parts({
        "in tests": timings.tests_s,
        "in set-ups": timings.set_ups_s,
        "idle or between them": timings.idle_s,
    })  # fmt: skip


def _parts(seconds: dict[str, float]) -> list[Part]:
    whole = sum(seconds.values())
    return [
        Part(name=name, took=duration(took), percent=f"{100 * took / whole:.2f}")
        for name, took in seconds.items()
        if took > 0
    ]
