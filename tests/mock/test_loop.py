"""The loop: what tests call on a mock selects them when that part of its contract changes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = "example_project/orders/openapi/payments.json"
MODULES = ("test_gateway", "test_payment", "test_payment_api", "test_refunds")

# Writes each document in turn and says what would be selected, all in one process.
SELECTING = """
import json, sys
from pathlib import Path

import django

django.setup()
from cdds_django.conf import settings
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.choice.delta import ImpactSession

answers = {}
for name, document in json.load(sys.stdin).items():
    Path(sys.argv[1]).write_text(json.dumps(document))
    session = ImpactSession.open(settings, ContractView(settings.snapshot))
    selection = session.select()
    answers[name] = {
        "full": selection.full_run_reason,
        "tests": [".".join(test.split(".")[-2:]) for test in selection.reasons],
        "via": sorted({" ".join(r.via) for found in selection.reasons.values() for r in found}),
        "changes": sorted({f"{r.key} {r.change}" for r in selection.changes}),
    }
    session.close()
print(json.dumps(answers))
"""

PAYING = {
    "PayTests.test_charges_and_captures",
    "PayTests.test_issues_one_ticket_per_place",
    "PayTests.test_mails_the_tickets_after_commit",
    "PayTests.test_twice",
    "PaymentApiTests.test_paid_order_has_its_tickets",
    "PaymentApiTests.test_service_down",
    "PayThroughGatewayTests.test_from_reservation_to_tickets",
    "GatewayTests.test_capture",
}
CALLERS = {
    "POST /charges": PAYING
    | {
        "PayTests.test_declined_card_changes_nothing",
        "PaymentApiTests.test_declined",
        "GatewayTests.test_create_charge",
        "GatewayTests.test_declined",
        "GatewayTests.test_repetition_charges_once",
        "GatewayTests.test_requests_carry_the_key",
    },
    "POST /charges/{charge_id}/capture": PAYING,
    "POST /charges/{charge_id}/refunds": {
        "GatewayTests.test_refund",
        "RefundApiTests.test_refund",
        "RefundTests.test_failure_of_the_service_changes_nothing",
        "RefundTests.test_how_close_is_a_rule",
        "RefundTests.test_money_tickets_and_stock",
    },
    "GET /charges": {"GatewayTests.test_list"},
    "GET /charges/{charge_id}": {
        "GatewayTests.test_failures_are_all_alike_to_the_customer",
        "GatewayTests.test_get",
        "GatewayTests.test_what_is_no_json",
        "TimeoutTests.test_slow_service",
    },
    "GET /health": {"GatewayTests.test_health", "PayThroughGatewayTests.test_health_for_staff"},
}


def edited(document: Any, label: str, part: str) -> Any:
    """Return a copy of a document in which one operation promises something else."""
    method, _, path = label.partition(" ")
    changed = json.loads(json.dumps(document))
    operation = changed["paths"][path][method.lower()]
    if part == "response":
        operation["responses"]["418"] = {"description": "A teapot."}
    else:
        operation.setdefault("parameters", []).append(
            {"name": "trace", "in": "header", "schema": {"type": "string"}}
        )
    return changed


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example project, its payment tests recorded."""
    path = tmp_path_factory.mktemp("loop")
    ignored = shutil.ignore_patterns("__pycache__", "*.sqlite3", "media", ".cdds")
    shutil.copytree(REPOSITORY / "example_project", path / "example_project", ignore=ignored)
    for name in ("manage.py", ".contract-snapshot.json"):
        shutil.copy(REPOSITORY / name, path)
    modules = [f"example_project.orders.tests.{name}" for name in MODULES]
    result = in_project(path, "manage.py", "test", *modules, "--parallel", "2")
    assert result.returncode == 0, result.stdout + result.stderr
    return path


def in_project(path: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    dropped = ("COVERAGE", "COV_", "CDDS_", "DATABASE_URL", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=path,
        env={
            **kept,
            "PYTHONPATH": f"{path}{os.pathsep}{REPOSITORY}",
            "DJANGO_SETTINGS_MODULE": "example_project.settings",
        },
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_each_operation_selects_exactly_the_tests_that_call_it(recorded: Path) -> None:
    document = json.loads((recorded / DOCUMENT).read_text())
    documents = {"same": {**document, "info": {**document["info"], "version": "9"}}}
    for label in CALLERS:
        for part in ("request", "response"):
            documents[f"{label} {part}"] = edited(document, label, part)

    result = in_project(recorded, "-c", SELECTING, DOCUMENT, stdin=json.dumps(documents))
    assert result.returncode == 0, result.stderr
    answers = json.loads(result.stdout)

    assert answers.pop("same")["tests"] == []
    assert len(answers) == 2 * len(CALLERS)
    for name, answer in answers.items():
        label, _, part = name.rpartition(" ")
        assert answer["full"] is None, name
        assert set(answer["tests"]) == CALLERS[label], name
        assert answer["via"] == ["example_project.orders.gateway"], name
        assert answer["changes"] == [f"payments:{label} {part} changed"]


def test_explanation_shows_the_way(recorded: Path) -> None:
    document = json.loads((recorded / DOCUMENT).read_text())
    changed = edited(document, "GET /health", "response")
    (recorded / DOCUMENT).write_text(json.dumps(changed))
    try:
        modules = [f"example_project.orders.tests.{name}" for name in MODULES]
        result = in_project(recorded, "manage.py", "test", *modules, "--delta", "--explain")
    finally:
        (recorded / DOCUMENT).write_text(json.dumps(document))

    way = "payments: GET /health response changed → example_project.orders.gateway → 2 tests"
    assert way in result.stdout, result.stdout + result.stderr
