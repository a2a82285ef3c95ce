"""The admin routes, as curl and other languages use them."""

from __future__ import annotations

import json

import pytest

from cdds_django.mock.limits import Limits
from tests.mock.conftest import Client, compiled, headers_of


@pytest.fixture
def admin(payments):
    return Client(payments.core, None)


def test_a_batchs_life(admin):
    answer = admin("POST", "/admin/fork", {"batch_id": "one"})
    assert (answer.status, json.loads(answer.body)) == (201, {"batch_id": "one", "from": None})
    admin.problem(409, "POST", "/admin/fork", {"batch_id": "one"})
    assert admin("POST", "/admin/fork", {"batch_id": "two", "from": "one"}).status == 201
    batches = admin.json("GET", "/admin/batches")["batches"]
    assert [batch["batch_id"] for batch in batches] == ["b", "one", "two"]
    client = Client(admin.core, "two")
    client.json("GET", "/health")
    assert admin.json("GET", "/admin/batches/two")["source"] == "one"
    calls = admin.json("GET", "/admin/batches/two/calls")
    assert calls["operations"] == {"getHealth": 1}
    assert calls["calls"][0]["operation_id"] == "getHealth"
    for action in ("snapshot", "restore", "reset"):
        assert admin("POST", f"/admin/batches/two/{action}").status == 200
    assert admin.json("GET", "/admin/batches/two/calls")["calls"] == []
    assert admin("DELETE", "/admin/batches/two").status == 204
    assert admin.problem(404, "GET", "/admin/batches/two") == {"error": "batch not found"}


def test_snapshots_have_names(admin):
    admin.json("POST", "/admin/batches/b/snapshot", {"name": "paid"})
    assert admin.json("GET", "/admin/batches/b")["snapshots"] == ["paid"]
    admin.json("POST", "/admin/batches/b/restore", {"name": "paid"})
    assert "'paid'" in admin.problem(404, "POST", "/admin/batches/b/restore")["error"]


def test_rows_are_a_seed(admin):
    row = {"id": "ch_1", "status": "captured", "amount": 5, "currency": "EUR", "reference": "R"}
    seed = {"/charges": [{**row, "created_at": "2025-01-01T00:00:00Z"}]}
    admin.json("POST", "/admin/fork", {"batch_id": "s", "seed": seed})
    assert admin.json("GET", "/admin/batches/s/rows") == seed
    wrong = {"batch_id": "t", "seed": {"/nowhere": []}}
    assert "/nowhere" in admin.problem(422, "POST", "/admin/fork", wrong)["error"]


def test_faults(admin):
    path = "/admin/batches/b/faults"
    fault = {"operation": "getHealth", "status": 503, "times": 1, "delay": 0.5}
    assert admin.json("POST", path, fault) == {**fault, "drop": False}
    assert admin.json("GET", path)["faults"] == [{**fault, "drop": False}]
    client = Client(admin.core)
    answer = client("GET", "/health")
    assert (answer.status, answer.delay) == (503, 0.5)
    assert admin("DELETE", path).status == 204
    assert client("GET", "/health").status == 200


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"status": 99}, "from 100 to 599"),
        ({"status": True}, "from 100 to 599"),
        ({"delay": "long"}, "seconds"),
        ({"delay": -1}, "from 0 to 300"),
        ({"times": 0}, "at least 1"),
        ({"operation": 7}, "operationId"),
        ({"statuz": 500}, "no 'statuz'"),
    ],
)
def test_faults_that_make_no_sense(admin, fault, message):
    assert message in admin.problem(400, "POST", "/admin/batches/b/faults", fault)["error"]


def test_a_fault_of_an_unknown_operation_names_the_nearest(admin):
    fault = {"operation": "getHealt", "status": 500}
    problem = admin.problem(404, "POST", "/admin/batches/b/faults", fault)
    assert "did you mean getHealth?" in problem["error"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "not JSON"),
        ([], "must be a JSON object"),
        ({}, "needs a batch_id"),
        ({"batch_id": ""}, "1 to 200"),
        ({"batch_id": "a\nb"}, "printable"),
        ({"batch_id": "x", "from": 7}, "`from`"),
        ({"batch_id": "x", "seed": []}, "`seed`"),
    ],
)
def test_forks_that_make_no_sense(admin, body, message):
    assert message in admin.problem(400, "POST", "/admin/fork", body)["error"]


def test_bodies_have_a_bound(payments_document):
    client = compiled(payments_document, limits=Limits(body_bytes=20))
    client.problem(413, "POST", "/admin/fork", {"batch_id": "x" * 30})


def test_other_routes_and_methods(admin):
    admin.problem(404, "GET", "/admin/nothing")
    admin.problem(404, "GET", "/admin/batches/none")
    answer = admin("GET", "/admin/fork")
    assert (answer.status, headers_of(answer)["allow"]) == (405, "POST")
