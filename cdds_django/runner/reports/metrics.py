"""`--metrics`: a run in numbers, for Prometheus.

The text is both OpenMetrics 1.0 and the older format of Prometheus (exposition formats, version
0.0.4), which node_exporter's textfile collector reads. So all metrics are gauges: counters and
infos are written differently in the two. Each metric has the same few series in each run, whatever
ran.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from cdds_django.files import write_text
from cdds_django.runner.outcomes.outcome import OUTCOMES, RunOutcome
from cdds_django.runner.outcomes.trend import last_full

_LEVELS = ("error", "approved", "warning", "info")
_MODES = ("full", "delta", "contract")


def write(path: Path, run: RunOutcome) -> None:
    """Write the metrics. Raises StateFileError."""
    write_text(path, rendered(run))


def rendered(run: RunOutcome) -> str:
    """Return the metrics of a run."""
    families = (*_tests(run), *_times(run), *_contract(run))
    return "\n".join([*(line for lines in families for line in lines), "# EOF", ""])


def _tests(run: RunOutcome) -> Iterator[list[str]]:
    yield _family("skip_ratio", "Tests left out per test discovered.", run.skip_ratio)
    yield _family("tests_discovered", "Tests that were asked for.", run.discovered)
    yield _family("tests_selected", "Tests that were to run.", run.selected)
    counts = {outcome: run.count(outcome) for outcome in OUTCOMES}
    yield _labelled("tests", "Tests by outcome.", "outcome", counts)
    yield _family("flaky_tests", "Tests that ended in several ways in this run.", len(run.flaky))
    yield _family(
        "fixture_failures",
        "Fixtures that failed where no test shows it.",
        len(run.fixture_failures),
    )
    modes = {mode: int(mode == run.mode) for mode in _MODES}
    yield _labelled("mode", "1 for how tests were chosen.", "mode", modes)
    yield _family(
        "widened",
        "1 if everything ran because it could not be told what is affected.",
        int(run.full_run_reason is not None),
    )


def _times(run: RunOutcome) -> Iterator[list[str]]:
    timings = run.timings
    if run.started_at is not None:
        began = "When the run began, in seconds since the epoch."
        yield _family("run_timestamp_seconds", began, round(run.started_at.timestamp(), 3))
    yield _family("run_duration_seconds", "Wall time of the run.", timings.total_s)
    phases = {
        "decide": max(0.0, timings.decide_s - timings.import_s),
        "import": timings.import_s,
        "database": timings.database_s,
        "run": timings.run_s,
    }
    yield _labelled("phase_duration_seconds", "Wall time by phase of the run.", "phase", phases)
    full = last_full(run.past_runs)
    if full is not None:
        told = "Wall time of the last run of all tests before this one."
        yield _family("last_full_run_duration_seconds", told, full.total_s)
    slowest_s = max((test.duration_s for test in run.tests), default=0.0)
    yield _family("slowest_test_duration_seconds", "Time of the slowest test.", slowest_s)
    yield _family("workers", "Processes that ran tests.", run.workers)
    spent = {"tests": timings.tests_s, "set_ups": timings.set_ups_s, "idle": timings.idle_s}
    yield _labelled("worker_seconds", "What workers did while tests ran.", "activity", spent)
    all_s = sum(spent.values())
    yield _family(
        "worker_idle_ratio",
        "Part of the workers' time in neither tests nor set-ups.",
        timings.idle_s / all_s if all_s else 0.0,
    )


def _contract(run: RunOutcome) -> Iterator[list[str]]:
    yield _family("contract_operations", "Operations of the API's contract.", run.operations)
    yield _family(
        "contract_affected_operations",
        "Operations that differ from when the tests last ran.",
        len(run.affected_operations),
    )
    if run.contract_changes is not None:
        levels = Counter(
            "approved" if change.level == "error" and not change.breaks else change.level
            for change in run.contract_changes
        )
        yield _labelled(
            "contract_changes",
            "Changes of the API against the committed snapshot.",
            "level",
            {level: levels[level] for level in _LEVELS},
        )


def _family(name: str, text: str, value: float) -> list[str]:
    return [*_head(name, text), f"delta_{name} {_number(value)}"]


def _labelled(name: str, text: str, label: str, values: Mapping[str, float]) -> list[str]:
    rows = (f'delta_{name}{{{label}="{key}"}} {_number(n)}' for key, n in values.items())
    return [*_head(name, text), *rows]


def _head(name: str, text: str) -> Iterator[str]:
    yield f"# TYPE delta_{name} gauge"
    if name.endswith("_seconds"):
        yield f"# UNIT delta_{name} seconds"
    yield f"# HELP delta_{name} {text}"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.6g}" if value < 1e6 else f"{value:f}"
