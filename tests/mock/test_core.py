"""What callers over HTTP rely on: batches, statuses, refusals (see docs/mock.md)."""

from __future__ import annotations

import json

import pytest

from cdds_django.errors import ContractError
from cdds_django.mock.core import MockCore
from cdds_django.mock.errors import (
    BatchExistsError,
    LimitError,
    SeedError,
    UnknownBatchError,
)
from cdds_django.mock.faults import Fault
from cdds_django.mock.limits import Limits
from tests.mock.conftest import Client, compiled, headers_of, json_body, ok

CHARGE = {"amount": 4575, "currency": "GBP", "reference": "T-1", "source": "tok_visa"}


class TestContractRequests:
    def test_the_batch_header_is_needed(self, payments):
        answer = Client(payments.core, None)("GET", "/charges")
        assert (answer.status, json.loads(answer.body)) == (
            400,
            {"error": "missing X-Test-Batch-ID header"},
        )

    def test_the_batch_must_be_known(self, payments):
        answer = Client(payments.core, "other")("GET", "/charges")
        assert (answer.status, json.loads(answer.body)) == (404, {"error": "batch not found"})

    def test_an_unknown_path(self, payments):
        assert payments.problem(404, "GET", "/refunds")["error"]

    def test_a_known_path_with_another_method(self, payments):
        answer = payments("DELETE", "/charges")
        assert answer.status == 405
        assert headers_of(answer)["allow"] == "GET, POST"

    def test_a_body_against_the_contract_changes_nothing(self, payments):
        wrong = {"amount": 0, "currency": "XXX", "reference": "", "note": "?"}
        problem = payments.problem(422, "POST", "/charges", wrong)
        assert {(v["pointer"], v["rule"]) for v in problem["violations"]} == {
            ("/source", "required"),
            ("/amount", "minimum"),
            ("/currency", "enum"),
            ("/reference", "minLength"),
            ("/note", "additionalProperties"),
        }
        assert "`amount` must be at least 1, not 0." in [
            v["message"] for v in problem["violations"]
        ]
        assert payments.json("GET", "/charges")["data"] == []

    def test_a_body_that_is_no_json(self, payments):
        problem = payments.problem(400, "POST", "/charges", b'{"amount": 1,}')
        assert "line 1, column" in json.dumps(problem)

    def test_a_missing_body(self, payments):
        problem = payments.problem(422, "POST", "/charges")
        assert problem["violations"][0] == {
            "in": "body",
            "pointer": "",
            "rule": "required",
            "message": "The body is required.",
        }

    def test_a_body_of_another_type(self, payments):
        payments.problem(415, "POST", "/charges", b"<charge/>", content_type="application/xml")

    def test_a_body_that_is_too_long(self, payments_document):
        client = compiled(payments_document, limits=Limits(body_bytes=20))
        client.problem(413, "POST", "/charges", CHARGE)

    def test_parameters_are_checked(self, payments):
        problem = payments.problem(422, "GET", "/charges?limit=101&reference=" + "x" * 41)
        assert [(v["in"], v["pointer"], v["rule"]) for v in problem["violations"]] == [
            ("query", "/reference", "maxLength"),
            ("query", "/limit", "maximum"),
        ]
        problem = payments.problem(422, "GET", "/charges/7")
        assert problem["violations"][0]["pointer"] == "/charge_id"

    def test_a_refusal_keeps_the_contracts_schema_for_it(self, payments):
        problem = payments.problem(404, "GET", "/charges/ch_none")
        assert problem["code"] == "not_found"
        assert problem["message"] == "not found"

    def test_the_path_of_a_server_may_stand_before(self, payments_document):
        document = {**payments_document, "servers": [{"url": "https://pay.test/v2"}]}
        client = compiled(document)
        created = client("POST", "/v2/charges", CHARGE)
        assert headers_of(created)["location"].startswith("/v2/charges/ch_")
        assert len(client.json("GET", "/charges")["data"]) == 1


class TestBatches:
    def test_forks_dont_see_each_other(self, payments):
        core = payments.core
        payments.json("POST", "/charges", CHARGE)
        core.fork("left", "b")
        core.fork("right", "b")
        left, right = Client(core, "left"), Client(core, "right")
        left.json("POST", "/charges", CHARGE | {"reference": "L"})
        right.json("POST", "/charges", CHARGE | {"reference": "R"})
        payments.json("POST", "/charges", CHARGE | {"reference": "B"})

        def references(client: Client) -> list[str]:
            return [row["reference"] for row in client.json("GET", "/charges")["data"]]

        assert references(left) == ["T-1", "L"]
        assert references(right) == ["T-1", "R"]
        assert references(payments) == ["T-1", "B"]

    def test_two_batches_tell_the_same_story(self, payments):
        """Ids, clock and made-up values don't depend on the batch."""
        payments.core.fork("other")
        other = Client(payments.core, "other")
        for client in (payments, other):
            client.json("POST", "/charges", CHARGE)
        first, second = (client("POST", "/charges", CHARGE) for client in (payments, other))
        assert first == second
        assert json.loads(first.body)["created_at"] == "2026-01-01T00:00:01Z"

    def test_reset_snapshot_restore_delete(self, payments):
        core = payments.core
        payments.json("POST", "/charges", CHARGE)
        core.snapshot("b")
        payments.json("POST", "/charges", CHARGE)
        core.snapshot("b", "two")
        core.restore("b")
        assert len(payments.json("GET", "/charges")["data"]) == 1
        core.restore("b", "two")
        assert len(payments.json("GET", "/charges")["data"]) == 2
        with pytest.raises(UnknownBatchError, match="'default', 'two'"):
            core.restore("b", "three")
        core.reset("b")
        assert payments.json("GET", "/charges")["data"] == []
        assert [call.operation_id for call in core.calls("b")] == ["listCharges"]
        core.fork("child", "b")
        core.delete("b")
        assert core.batches() == ("child",)
        with pytest.raises(UnknownBatchError):
            core.batch("b")

    def test_a_reset_goes_back_to_the_fork(self, payments):
        payments.json("POST", "/charges", CHARGE)
        payments.core.fork("child", "b")
        child = Client(payments.core, "child")
        child.json("POST", "/charges", CHARGE)
        payments.core.reset("child")
        assert len(child.json("GET", "/charges")["data"]) == 1

    def test_calls_are_written_down(self, payments):
        payments.json("GET", "/charges?limit=5")
        payments("POST", "/charges", {})
        payments("GET", "/nowhere")
        calls = payments.core.calls("b")
        assert [call[:5] for call in calls] == [
            (1, "listCharges", "GET", "/charges", "limit=5"),
            (2, "createCharge", "POST", "/charges", ""),
            (3, "", "GET", "/nowhere", ""),
        ]
        assert [call.status for call in calls] == [200, 422, 404]
        assert calls[1].violations == 4
        assert payments.core.batch("b").operations == {"listCharges": 1, "createCharge": 1}

    def test_only_the_last_calls_are_kept_in_full(self, payments_document):
        client = compiled(payments_document, limits=Limits(calls_per_batch=2))
        for _ in range(5):
            client.json("GET", "/health")
        assert [call.number for call in client.core.calls("b")] == [4, 5]
        assert client.core.batch("b").operations == {"getHealth": 5}

    def test_what_it_is_like(self, payments):
        created = payments.json("POST", "/charges", CHARGE)
        payments.json("POST", f"/charges/{created['id']}/refunds", {"amount": 5})
        payments.core.fork("child", "b")
        details = payments.core.batch("child")
        assert details.source == "b"
        assert details.rows == {"/charges": 1, "/charges/{charge_id}/refunds": 1}
        assert (details.calls, details.written_bytes) == (0, 0)
        assert payments.core.batch("b").written_bytes > 0

    def test_errors_of_forks(self, payments_document):
        core = compiled(payments_document, limits=Limits(batches=2)).core
        with pytest.raises(BatchExistsError, match="'b' exists"):
            core.fork("b")
        with pytest.raises(UnknownBatchError, match="'nobody'"):
            core.fork("c", "nobody")
        core.fork("c")
        with pytest.raises(LimitError, match="2 batches"):
            core.fork("d")

    def test_rows_count_as_long_as_a_fork_has_them(self, payments):
        meter = payments.core._batches.meter
        payments.json("POST", "/charges", CHARGE)
        payments.core.fork("heir", "b")
        held = meter.total
        assert held > 0
        payments.core.delete("b")
        assert meter.total == held
        payments.core.delete("heir")
        assert meter.total == 0

    def test_memory_has_a_bound_and_is_given_back(self, payments_document):
        client = compiled(payments_document, limits=Limits(memory_bytes=3_000))
        core = client.core
        written = 0
        while client("POST", "/charges", CHARGE).status == 201:
            written += 1
        assert 1 < written < 10
        problem = client.problem(429, "POST", "/charges", CHARGE)
        assert "as much as they may" in problem["error"]
        with pytest.raises(LimitError):
            core.fork("heir", "b")
        core.delete("b")
        core.fork("b")
        assert client("POST", "/charges", CHARGE).status == 201


class TestSeeds:
    def test_a_batch_begins_with_its_seed(self, payments):
        row = {"id": "ch_A1", "status": "captured", "amount": 5, "currency": "EUR"}
        row |= {"reference": "S", "created_at": "2025-01-01T00:00:00Z"}
        payments.core.fork("s", seed={"/charges": [row], "/charges/ch_A1/refunds": [{"amount": 2}]})
        client = Client(payments.core, "s")
        assert client.json("GET", "/charges")["data"] == [row]
        client.json("POST", "/charges", CHARGE)
        payments.core.reset("s")
        assert client.json("GET", "/charges/ch_A1") == row
        seed = payments.core.rows("s")
        assert seed["/charges"] == [row]
        payments.core.fork("again", seed=seed)
        assert payments.core.rows("again") == seed

    @pytest.mark.parametrize(
        ("seed", "message"),
        [
            ({"/nowhere": []}, "/nowhere: the contract has no collection"),
            ({"/charges": {}}, "a list of rows"),
            ({"/charges": [7]}, "row 0: a row must be an object"),
            ({"/charges": [{"amount": 5}, {"amount": "x"}]}, "row 1: `amount` is against"),
            ({"/charges": [{"id": "ch_A"}, {"id": "ch_A"}]}, "row 1: there is already"),
            ({"/charges": [{"id": "7"}]}, "row 0: `id` is against"),
        ],
    )
    def test_a_seed_must_keep_the_contract(self, payments, seed, message):
        with pytest.raises(SeedError, match=message):
            payments.core.fork("s", seed=seed)
        assert payments.core.batches() == ("b",)


class TestFaults:
    def test_by_header(self, payments):
        answer = payments("GET", "/health", x_mock_fault="status=503, delay=0.25")
        assert (answer.status, answer.delay, answer.body) == (503, 0.25, b'{"status":"ok"}')
        assert payments("GET", "/health", x_mock_fault="drop").drop
        answer = payments("GET", "/health", x_mock_fault="delay=1.5")
        assert (answer.status, answer.delay) == (200, 1.5)
        assert "rude" in payments.problem(400, "GET", "/health", x_mock_fault="rude=1")["error"]

    def test_a_status_keeps_the_state(self, payments):
        payments.problem(402, "POST", "/charges", CHARGE, x_mock_fault="status=402")
        assert payments.json("GET", "/charges")["data"] == []

    def test_for_a_number_of_requests_to_one_operation(self, payments):
        payments.core.inject("b", Fault(status=500, operation_id="getHealth", times=2))
        statuses = [payments("GET", "/health").status for _ in range(3)]
        assert statuses == [500, 500, 200]
        assert payments("GET", "/charges").status == 200
        assert payments.core.faults("b") == ()

    def test_they_belong_to_their_batch(self, payments):
        payments.core.inject("b", Fault(drop=True))
        payments.core.fork("c", "b")
        assert not Client(payments.core, "c")("GET", "/health").drop
        payments.core.clear_faults("b")
        assert not payments("GET", "/health").drop


class TestDocuments:
    def test_our_snapshot_is_one(self):
        from tests.mock.conftest import REPOSITORY

        snapshot = json.loads((REPOSITORY / ".contract-snapshot.json").read_text())
        client = compiled(snapshot)
        venue = client.json("POST", "/api/venues/", {"name": "Hall", "city": "Ulm", "capacity": 9})
        assert venue["slug"] == "hall"
        assert client.core.labels["venues_create"] == "POST /api/venues/"
        assert client.core.check() == ()

    @pytest.mark.parametrize(
        ("document", "message"),
        [
            ({}, "`openapi` is None"),
            ({"swagger": "2.0"}, "Swagger"),
            ({"openapi": "3.0.3", "paths": []}, "paths must be an object"),
            (
                {"openapi": "3.0.3", "paths": {"/a": {"$ref": "#/nowhere"}}},
                "the file, at #/paths/~1a: .*names nothing",
            ),
        ],
    )
    def test_what_cant_be_used_is_said_at_once(self, document, message):
        with pytest.raises(ContractError, match=message):
            MockCore.compile(document, origin="the file")

    def test_a_schema_that_cant_be_used_is_said_by_the_operation_that_needs_it(self):
        broken = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Gone"}}}
        paths = {
            "/good": {"get": {"operationId": "good", "responses": ok({"type": "integer"})}},
            "/bad": {"post": {"requestBody": json_body(broken), "responses": {}}},
        }
        client = compiled({"openapi": "3.1.0", "info": {"title": "T"}, "paths": paths})
        assert isinstance(client.json("GET", "/good"), int)
        assert "Gone" in client.problem(500, "POST", "/bad", {})["error"]
        with pytest.raises(ContractError, match="Gone"):
            client.core.check()


def test_observers_hear_of_each_contract_request(payments):
    heard = []
    payments.core.observe(lambda *seen: heard.append(seen))
    payments("GET", "/health")
    payments("POST", "/charges", {})
    payments("GET", "/admin/batches")
    assert [(name, status, wrong) for name, status, _, wrong in heard] == [
        ("getHealth", 200, 0),
        ("createCharge", 422, 4),
    ]
    assert all(seconds > 0 for _, _, seconds, _ in heard)
