"""The states of other services' operations, and which tests a change of one selects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdds_django.runner.contracts.upstream_states import FILE_NAME, UpstreamStates

OPERATION: dict[str, Any] = {"responses": {"200": {"description": "Fine."}}}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Payments", "version": "1"},
    "paths": {
        "/charges": {
            "get": OPERATION,
            "post": {**OPERATION, "operationId": "createCharge"},
        },
        "/health": {"get": OPERATION},
    },
}
SETTINGS = """
INSTALLED_APPS = ["cdds_django"]
CDDS = {"UPSTREAMS": {"payments": "contracts/payments.json"}}
"""
GATEWAY = """
import os

from cdds_django.upstream_calls import report

DOCUMENT = os.path.abspath("contracts/payments.json")


def charge():
    report(DOCUMENT, "POST /charges")


def charges():
    report(DOCUMENT, "GET /charges")
"""
TESTS = """
from django.test import SimpleTestCase

from cdds_django.testing import covers
from shop import gateway


class GatewayTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        gateway.charges()

    def test_charge(self):
        gateway.charge()

    def test_charges(self):
        pass


class OtherTests(SimpleTestCase):
    def test_more(self):
        gateway.charge()

    def test_nothing(self):
        pass

    @covers("payments:GET /health")
    def test_health(self):
        pass
"""


def write(path: Path, document: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document))


def edited(method: str, path: str, **changes: Any) -> Any:
    document = json.loads(json.dumps(DOCUMENT))
    document["paths"][path][method].update(changes)
    return document


def test_states_are_read_once_for_a_content(tmp_path: Path, monkeypatch: Any) -> None:
    document = tmp_path / "contracts" / "payments.json"
    write(document, DOCUMENT)
    upstreams = {"payments": document, "more": tmp_path / "contracts"}

    def states() -> UpstreamStates:
        return UpstreamStates(upstreams, tmp_path, tmp_path / ".cdds")

    assert states().services == {"contracts/payments.json": "payments"}
    before = states()["payments:createCharge"]
    assert before == states()["payments:POST /charges"] == states()["more/payments:createCharge"]
    assert set(states()) >= {"payments:", "payments:*", "payments:GET /health"}
    for unknown in ("payments:GET /none", "others:GET /health", "payments"):
        with pytest.raises(KeyError):
            states()[unknown]

    kept = (tmp_path / ".cdds" / FILE_NAME).read_text()
    monkeypatch.setattr("cdds_django.contract.operation_states.operation_states", None)
    assert states()["payments:createCharge"] == before
    monkeypatch.undo()
    write(document, edited("post", "/charges", parameters=[{"in": "query", "name": "a"}]))
    assert states()["payments:createCharge"] != before
    assert (tmp_path / ".cdds" / FILE_NAME).read_text() != kept

    (tmp_path / ".cdds" / FILE_NAME).write_text("{broken")
    write(document, DOCUMENT)
    assert states()["payments:createCharge"] == before
    document.write_text("{broken")
    assert states()["payments:"] == states()["payments:GET /none"] != before
    document.unlink()
    assert states().get("payments:createCharge") is None


def test_change_of_an_operation_selects_who_called_it(make_project: Any) -> None:
    project = make_project(
        {
            "shop/__init__.py": "",
            "shop/gateway.py": GATEWAY,
            "tests.py": TESTS,
            "contracts/payments.json": json.dumps(DOCUMENT),
        },
        SETTINGS,
    )
    run = project.test("--parallel", "1")
    assert run.last_line == "5 passed, 0 failed", run.text

    def explained(document: Any) -> tuple[str, set[str]]:
        write(project.path / "contracts" / "payments.json", document)
        run = project.test("--delta", "--explain")
        assert run.report["full_run_reason"] is None, run.text
        return run.output, set(run.ids("selected"))

    everyone = {"GatewayTests.test_charge", "GatewayTests.test_charges", "OtherTests.test_more"}
    assert explained(DOCUMENT)[1] == set()
    assert explained({**DOCUMENT, "info": {"title": "Pay", "version": "2"}})[1] == set()
    called = {"GatewayTests.test_charge", "OtherTests.test_more"}
    answers = {"201": {"description": "Made."}}
    output, selected = explained(edited("post", "/charges", responses=answers))
    assert selected == called
    assert "payments: POST /charges response changed → shop.gateway → 2 tests" in output
    output, selected = explained(
        edited("get", "/charges", parameters=[{"in": "query", "name": "a"}])
    )
    assert selected == everyone - {"OtherTests.test_more"}
    assert "payments: GET /charges request changed → shop.gateway → 2 tests" in output
    assert explained(edited("get", "/health", responses=answers))[1] == {"OtherTests.test_health"}
    removed = json.loads(json.dumps(DOCUMENT))
    del removed["paths"]["/charges"]["post"]
    assert "payments: POST /charges was removed → shop.gateway → 2" in explained(removed)[0]
    assert explained({**DOCUMENT, "servers": [{"url": "/v2"}]})[1] == everyone

    write(project.path / "older" / "payments.json", DOCUMENT)
    write(
        project.path / "contracts" / "payments.json", edited("post", "/charges", responses=answers)
    )
    report = project.manage("contract_diff", "--all", "older", "--fail-on", "none").stdout
    assert "OtherTests.test_more" in report, report
    assert "OtherTests.test_nothing" not in report

    project.write({"contracts/payments.json": "{broken"})
    assert set(project.test("--delta", "--explain").ids("selected")) >= everyone
    write(
        project.path / "contracts" / "payments.json", edited("post", "/charges", responses=answers)
    )
    run = project.test("--delta")
    assert run.last_line == "2 passed, 0 failed", run.text
    assert "payments: POST /charges response changed → 2 tests" in run.output
    assert project.test("--delta", "--explain").ids("selected") == []
