"""The metrics are read by OpenMetrics' parser and by that of Prometheus' older format."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.outcomes.outcome import RunOutcome, Timings
from cdds_django.runner.reports import metrics
from tests.runner.conftest import missing

REPORTS = (Path(__file__).parents[3] / "docs" / "reports.md").read_text(encoding="utf-8")

Samples = dict[tuple[str, tuple[str, ...]], float]


def samples(families: Iterator) -> Samples:
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def read(text: str) -> Samples:
    """Return the samples, which both parsers must see alike."""
    found = samples(openmetrics.text_string_to_metric_families(text))
    assert found == samples(text_string_to_metric_families(text))
    return found


def test_real_run(told):
    found = read(told.text("tests.prom"))
    outcomes = {"passed": 2, "failed": 1, "error": 3, "skipped": 1, "expected_failure": 1}
    none = dict.fromkeys(("not_selected", "not_run", "selected"), 0)
    for outcome, number in {**outcomes, "unexpected_success": 1, **none}.items():
        assert found["delta_tests", (outcome,)] == number
    report = told.run.report
    for name, value in {
        "skip_ratio": 0,
        "tests_discovered": 9,
        "tests_selected": 9,
        "flaky_tests": 1,
        "widened": 1,
        "workers": 2,
        "slowest_test_duration_seconds": max(test["duration_s"] for test in report["tests"]),
        "run_duration_seconds": report["timings"]["total_s"],
    }.items():
        assert found[f"delta_{name}", ()] == pytest.approx(value, abs=0.001)
    assert found["delta_mode", ("delta",)] == 1
    assert found["delta_phase_duration_seconds", ("database",)] == pytest.approx(
        report["timings"]["database_s"], abs=0.001
    )
    assert 1.7e9 < found["delta_run_timestamp_seconds", ()] < 1e10


def test_series_are_the_same_for_every_run(told):
    """A dashboard would have gaps otherwise. Only what isn't known is missing."""
    unknown = {"delta_run_timestamp_seconds"}
    empty = read(metrics.rendered(RunOutcome(mode="full", full_run_reason=None, tests=())))
    real = read(told.text("tests.prom"))
    assert {name for name, _ in real.keys() - empty.keys()} == unknown
    assert not empty.keys() - real.keys()


def test_times():
    timings = Timings(
        decide_s=3.0,
        import_s=1.0,
        database_s=0.5,
        run_s=6.0,
        tests_s=6.0,
        set_ups_s=2.0,
        idle_s=2.0,
        total_s=1e7,
    )
    any_run = RunOutcome(mode="full", full_run_reason=None, tests=()).in_short()
    past = tuple(
        replace(any_run, is_full=is_full, is_whole=is_whole, total_s=total_s)
        for is_full, is_whole, total_s in [
            (True, True, 70.0),
            (True, True, 60.5),
            (True, False, 1.0),
            (False, True, 2.0),
        ]
    )
    run = RunOutcome(mode="full", full_run_reason=None, tests=(), timings=timings, past_runs=past)
    run = replace(run, contract_changes=())
    text = metrics.rendered(run)
    found = read(text)
    assert found["delta_phase_duration_seconds", ("decide",)] == 2.0
    assert found["delta_phase_duration_seconds", ("import",)] == 1.0
    assert found["delta_worker_idle_ratio", ()] == 0.2
    assert found["delta_run_duration_seconds", ()] == 1e7
    assert found["delta_last_full_run_duration_seconds", ()] == 60.5
    # Of those that each run has, one is missing in a run that never began.
    named = set(re.findall(r"^# TYPE (\S+) gauge$", text, re.MULTILINE))
    assert set(re.findall(r"\bdelta_\w+", REPORTS)) - {"delta_merge"} == {
        *named,
        "delta_run_timestamp_seconds",
    }


def test_contract():
    fields = {"id": "a", "operation": "GET /", "operation_id": "", "text": "", "cause": ""}
    changes = (
        ContractChange(**fields, level="error"),
        ContractChange(**fields, level="error", approved="agreed"),
        ContractChange(**fields, level="info"),
    )
    run = RunOutcome(mode="full", full_run_reason=None, tests=(), contract_changes=changes)
    found = read(metrics.rendered(run))
    levels = {key: value for (name, key), value in found.items() if "contract_changes" in name}
    assert levels == {("error",): 1, ("approved",): 1, ("warning",): 0, ("info",): 1}


def test_prometheus_has_nothing_to_say_against_it(told):
    promtool = shutil.which("promtool")
    if promtool is None:
        missing("promtool", FileNotFoundError("install Debian's package prometheus"))
    checked = subprocess.run(
        [promtool, "check", "metrics"],
        input=told.text("tests.prom"),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
