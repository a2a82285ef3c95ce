"""`mock.server.asgi`: the same answers through ASGI."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from cdds_django.mock.core import MockCore
from cdds_django.mock.limits import Limits
from cdds_django.mock.server.asgi import MockApplication
from cdds_django.mock.server.door import Door


@pytest.fixture(scope="module")
def application(payments_document: Any) -> MockApplication:
    core = MockCore.compile(payments_document, limits=Limits(body_bytes=1000))
    core.fork("b")
    return MockApplication(Door(core))


def test_over_asgi(application: MockApplication) -> None:
    async def calls() -> None:
        transport = httpx.ASGITransport(application)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
            client.headers["X-Test-Batch-ID"] = "b"
            charge = {"amount": 1, "currency": "GBP", "reference": "a b", "source": "tok_1"}
            created = await client.post("/charges", json=charge)
            assert created.status_code == 201
            listed = await client.get("/charges", params={"reference": "a b"})
            assert listed.json()["data"] == [created.json()]
            assert (await client.head("/health")).status_code in (200, 405)
            assert (await client.post("/charges", content=b"x" * 1001)).status_code == 413
            slow = {"X-Mock-Fault": "delay=0.01"}
            assert (await client.get("/health", headers=slow)).status_code == 200

    asyncio.run(calls())


def test_lifespan_and_what_it_is_not_for(application: MockApplication) -> None:
    async def live() -> list[str]:
        asked = iter(["lifespan.startup", "lifespan.shutdown"])
        sent: list[str] = []

        async def receive() -> Any:
            return {"type": next(asked)}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await application({"type": "lifespan"}, receive, send)
        with pytest.raises(RuntimeError, match="not websocket"):
            await application({"type": "websocket"}, receive, send)
        return sent

    assert asyncio.run(live()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
