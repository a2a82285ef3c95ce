"""Scenarios in Python."""

from __future__ import annotations

import json
import threading

import pytest

from cdds_django.mock.errors import UnknownOperationError
from cdds_django.mock.messages import MockResponse
from tests.mock.conftest import Client

CHARGE = {"amount": 100, "currency": "EUR", "reference": "R", "source": "tok_visa"}


@pytest.fixture
def charge(payments):
    return payments.json("POST", "/charges", CHARGE)


def test_a_scenario_reads_and_writes_the_state(payments, charge):
    @payments.core.handler("captureCharge")
    def capture(scene):
        found = scene.get("/charges", scene.path["charge_id"])
        if found is None:
            return 404, {"code": "none", "message": "No such charge."}
        assert found["source"] == "tok_visa"  # which no answer shows
        if found["status"] != "authorized":
            return 409, {"code": "state", "message": f"It is {found['status']}."}
        return scene.put("/charges", found["id"], status="captured")

    path = f"/charges/{charge['id']}/capture"
    assert payments.json("POST", path) == charge | {"status": "captured"}
    assert payments.json("GET", f"/charges/{charge['id']}")["status"] == "captured"
    assert payments.problem(409, "POST", path)["message"] == "It is captured."
    payments.problem(404, "POST", "/charges/ch_none/capture")
    payments.core.reset("b")
    assert payments.core.batch("b").rows == {}


def test_a_scenario_may_let_the_mock_answer(payments):
    seen = []

    @payments.core.handler("createCharge")
    def create(scene):
        seen.append((scene.operation_id, scene.batch_id, scene.headers["host"], scene.now))
        if scene.body["amount"] > 1000:
            return 402, {"code": "card_declined", "message": "Too much."}
        answer = scene.default()
        seen.append([row["reference"] for row in scene.rows("/charges")])
        return answer

    assert payments("POST", "/charges", CHARGE).status == 201
    payments.problem(402, "POST", "/charges", CHARGE | {"amount": 5000})
    assert seen == [
        ("createCharge", "b", "api.test", "2026-01-01T00:00:00Z"),
        ["R"],
        ("createCharge", "b", "api.test", "2026-01-01T00:00:01Z"),
    ]
    assert payments.problem(422, "POST", "/charges", {})["violations"]


def test_a_response_is_sent_as_it_is(payments):
    odd = MockResponse(299, ((b"x-odd", b"1"),), b"?")
    payments.core.handler("getHealth")(lambda scene: odd)
    assert payments("GET", "/health") == odd


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ({"status": "fine"}, '`status` must be "ok" or "degraded"'),
        ((200, ["ok"]), "must be an object"),
        ((418, {1, 2}), "what is not JSON"),
    ],
)
def test_answers_against_the_contract_are_an_error(payments, result, message):
    payments.core.handler("getHealth")(lambda scene: result)
    problem = payments.problem(500, "GET", "/health")
    assert message in problem["error"]
    assert "getHealth" in problem["error"]


def test_for_one_batch_alone(payments):
    core = payments.core
    core.fork("other")
    core.handler("getHealth", batch_id="b")(lambda scene: (503, {"status": "degraded"}))
    assert payments("GET", "/health").status == 503
    assert Client(core, "other")("GET", "/health").status == 200
    core.remove_handler("getHealth", batch_id="b")
    assert payments("GET", "/health").status == 200


def test_what_it_reads_is_a_copy(payments, charge):
    @payments.core.handler("getHealth")
    def spoil(scene):
        scene.rows("/charges")[0]["status"] = "spoilt"
        scene.get("/charges", charge["id"])["status"] = "spoilt"
        return {"status": "ok"}

    payments.json("GET", "/health")
    assert payments.json("GET", f"/charges/{charge['id']}") == charge


def test_unknown_operations_and_collections(payments):
    with pytest.raises(UnknownOperationError, match="did you mean captureCharge"):
        payments.core.handler("captureChrge")
    payments.core.handler("getHealth")(lambda scene: scene.rows("/refunds"))
    assert "'/refunds' is no collection" in payments.problem(500, "GET", "/health")["error"]


def test_it_removes_and_makes(payments, charge):
    @payments.core.handler("getHealth")
    def work(scene):
        scene.remove("/charges", charge["id"])
        scene.put("/charges", "ch_new", amount=7, currency="EUR", reference="N")
        return {"status": "ok"}

    payments.json("GET", "/health")
    payments.problem(404, "GET", f"/charges/{charge['id']}")
    made = payments.json("GET", "/charges/ch_new")
    assert (made["id"], made["amount"], made["status"]) == ("ch_new", 7, "authorized")


def test_a_handler_may_wait_for_another_request(payments):
    """It calls the application, say, and that calls the mock from another thread."""

    @payments.core.handler("getHealth")
    def call_back(scene):
        answers = []
        thread = threading.Thread(target=lambda: answers.append(payments("GET", "/charges")))
        thread.start()
        thread.join(timeout=10)
        return {"status": "ok" if answers else "degraded"}

    assert payments.json("GET", "/health") == {"status": "ok"}


def test_threads_on_batches_of_their_own(payments):
    core = payments.core
    wrong = []

    def work(batch_id: str) -> None:
        core.fork(batch_id, "b")
        client = Client(core, batch_id)
        for number in range(50):
            client.json("POST", "/charges", CHARGE | {"reference": f"{batch_id}-{number}"})
        rows = client.json("GET", "/charges?limit=100")["data"]
        if [row["reference"] for row in rows] != [f"{batch_id}-{n}" for n in range(50)]:
            wrong.append(json.dumps(rows))

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert payments.json("GET", "/charges")["data"] == []
