"""The published JSON Schema says of the report what is true, and no more than that.

Each report that tests of this package see is validated by it (`require_schema`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from cdds_django.impact.choice.selection import Reason
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.flaky.polluters import Verdict
from cdds_django.runner.outcomes.outcome import OUTCOMES, ChangeRow, Pollution, RunOutcome, TestRow
from cdds_django.runner.reports import json_report
from tests.conftest import REPOSITORY, require_schema

PATH = Path(json_report.__file__).with_name("report.schema.json")
SCHEMA = json.loads(PATH.read_text(encoding="utf-8"))


def everything() -> RunOutcome:
    """Return a run with something in each of its places."""
    reason = Reason(kind="code", key="shop/prices.py::gross", change="changed", via=("a", "b"))
    change = ContractChange(
        id="rule",
        level="error",
        operation="POST /orders/",
        operation_id="orders_create",
        text="It went.",
        cause="Order",
        operations=("POST /orders/",),
    )
    test = TestRow(
        id="shop.T.test",
        outcome="passed",
        started_s=1.0,
        duration_s=0.5,
        worker=1,
        attempts=2,
        is_flaky=True,
        batch_id="x-1",
        history=("passed", "flaky"),
        leftovers=("a row",),
        reasons=(reason,),
    )
    others = (TestRow(id=f"shop.T.test_{outcome}", outcome=outcome) for outcome in OUTCOMES)
    return RunOutcome(
        mode="delta",
        full_run_reason="why",
        tests=(test, *others),
        changes=(ChangeRow(kind="code", key="k", change="changed", tests=1),),
        operations=1,
        affected_operations=("orders_create",),
        contract_changes=(change,),
        contract_problem="none",
        fixture_failures={"shop.T": "OSError"},
        started_at=datetime.now(UTC),
        rounds=2,
        varying={"shop.T.test": {"passed": 1, "failed": 1}},
        earlier_failures={"shop.T.test": ["AssertionError"]},
        set_ups_s={"shop.T": 0.1},
        pollution=Pollution(
            verdict=Verdict(polluters=(0,), fails_alone=False, fails_after_all=True),
            tests=("shop.T.test",),
        ),
    )


def test_of_everything():
    require_schema(json_report.as_json(everything()))


def test_of_a_real_run(told):
    assert {test["outcome"] for test in told.run.report["tests"]} >= {"passed", "failed", "error"}
    assert told.run.report["tests"][0].keys() == SCHEMA["$defs"]["test"]["properties"].keys()


def test_nothing_described_is_missing():
    """What the schema names is required, so a dead key would fail the reports of all tests."""
    assert [
        path for path, part in objects(SCHEMA) if part["required"] != [*part["properties"]]
    ] == []


def objects(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        if "properties" in part:
            yield path, part
        for name, value in part.items():
            yield from objects(value, f"{path}/{name}")


def test_readers_of_today_read_what_later_versions_add():
    report = json_report.as_json(everything())
    report["later"] = report["tests"][0]["later"] = 1
    validator = jsonschema_rs.validator_for(SCHEMA)
    assert validator.is_valid(report)
    with pytest.raises(AssertionError, match="later"):
        require_schema(report)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("tests", 0, "outcome"), "fine"),
        (("tests", 0, "duration_s"), -1),
        (("tests", 0, "worker"), "1"),
        (("started_at",), "yesterday"),
        (("delta_skip_ratio",), 1.5),
        (("schema",), 2),
        (("contract", "changes", 0, "level"), "bad"),
    ],
)
def test_what_is_wrong_is_found(place, value):
    report = json_report.as_json(everything())
    part: Any = report
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    with pytest.raises(AssertionError):
        require_schema(report)


def test_the_documentation_has_the_same():
    assert (REPOSITORY / "docs" / "report.schema.json").read_text(encoding="utf-8") == (
        PATH.read_text(encoding="utf-8")
    )
