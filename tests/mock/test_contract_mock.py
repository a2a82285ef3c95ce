"""`ContractMock`: a service in this process, for `requests` and `httpx`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

from cdds_django import upstream_calls
from cdds_django.errors import ConfigurationError, ContractError
from cdds_django.mock import ContractMock
from cdds_django.mock.errors import SeedError, UnknownOperationError

DOCUMENT = Path(__file__).parents[2] / "example_project" / "orders" / "openapi" / "payments.json"
URL = "https://payments.example.com"
CHARGE = {"amount": 100, "currency": "GBP", "reference": "T-1", "source": "tok_visa"}


@pytest.fixture(scope="module")
def mock() -> ContractMock:
    return ContractMock(DOCUMENT)


@pytest.fixture
def payments(mock: ContractMock) -> Iterator[ContractMock]:
    """The service, in a batch of its own."""
    with mock.answering(), mock.forked():
        yield mock


def create() -> dict[str, Any]:
    response = requests.post(f"{URL}/charges", json=CHARGE, timeout=5)
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created


def test_libraries_share_the_state(payments: ContractMock) -> None:
    charge = create()

    async def read() -> Any:
        async with httpx.AsyncClient(base_url=URL) as client:
            return (await client.get(f"/charges/{charge['id']}")).json()

    assert payments.base_urls == (URL,)
    assert asyncio.run(read()) == httpx.get(f"{URL}/charges/{charge['id']}").json() == charge
    assert [call.operation_id for call in payments.calls] == ["createCharge", *["getCharge"] * 2]
    assert [row["id"] for row in payments.rows["/charges"]] == [charge["id"]]


def test_forks_see_what_was_before_and_leave_nothing(payments: ContractMock) -> None:
    before = create()
    with payments.forked():
        create()
        assert len(requests.get(f"{URL}/charges").json()["data"]) == 2
        assert len(payments.calls) == 2
    assert [row["id"] for row in payments.rows["/charges"]] == [before["id"]]
    with payments.forked(seed={}):
        assert requests.get(f"{URL}/charges/{before['id']}").status_code == 404
    with pytest.raises(SeedError), payments.forked(seed={"/nothing": []}):
        pass


def test_snapshot_restore_and_reset(payments: ContractMock) -> None:
    create()
    payments.snapshot("one")
    create()
    payments.restore("one")
    assert len(payments.rows["/charges"]) == 1
    payments.reset()
    assert not payments.rows.get("/charges")


def test_handlers_go_with_the_batch(payments: ContractMock) -> None:
    def status() -> Any:
        return requests.get(f"{URL}/health").json()["status"]

    with payments.forked():
        payments.handler("getHealth")(lambda scene: {"status": "degraded"})
        with payments.forked():
            assert status() == "degraded"
            payments.handler("getHealth")(lambda scene: scene.default())
            assert status() == "ok"
        assert status() == "degraded"
    assert status() == "ok"
    with pytest.raises(UnknownOperationError, match="getHealth"):
        payments.handler("getHelth")


def test_what_goes_wrong_on_request(payments: ContractMock) -> None:
    payments.fail("getHealth", status=503, times=1)
    assert [requests.get(f"{URL}/health").status_code for _ in range(2)] == [503, 200]
    payments.fail(drop=True)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{URL}/health")
    payments.heal()
    payments.fail("getHealth", delay_s=10)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{URL}/health", timeout=0.01)


def test_adapters_need_no_interception(mock: ContractMock) -> None:
    session = requests.Session()
    session.mount(URL, mock.adapter())
    assert session.get(f"{URL}/health").ok
    with httpx.Client(transport=mock.transport()) as client:
        assert client.get(f"{URL}/health").is_success

    async def read() -> httpx.Response:
        async with httpx.AsyncClient(transport=mock.async_transport()) as client:
            return await client.get(f"{URL}/health")

    assert asyncio.run(read()).is_success


def test_calls_are_reported_from_below_the_caller(payments: ContractMock) -> None:
    heard: list[tuple[str, str]] = []
    end = upstream_calls.listen(
        lambda document, operation, from_caller: heard.append((document, operation))
    )
    try:
        requests.get(f"{URL}/charges/ch_1")
        requests.get(f"{URL}/nothing")
        with payments.forked(), payments:
            pass
    finally:
        end()

    assert {document for document, _ in heard} == {str(DOCUMENT)}
    assert [operation for _, operation in heard] == ["GET /charges/{charge_id}", "*", "", ""]


def test_base_urls_and_documents() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [
            {"url": "/relative"},
            {"url": "https://{zone}.api.test/v1", "variables": {"zone": {"default": "eu"}}},
        ],
        "paths": {"/a": {"get": {"responses": {"204": {"description": ""}}}}},
    }
    assert ContractMock(document).base_urls == ("https://eu.api.test/v1",)
    with ContractMock(document, base_urls=["http://127.0.0.1:1/x"]):
        assert requests.get("http://127.0.0.1:1/x/a").status_code == 204
    with pytest.raises(ConfigurationError, match="'payments' can't be a base URL"):
        ContractMock(document, base_urls=["payments"])
    with pytest.raises(ContractError, match=r"no file .*missing\.json"):
        ContractMock("missing.json")
