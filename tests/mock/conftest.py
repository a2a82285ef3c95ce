"""A client of a mock's core: requests as values, answers with their JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cdds_django.contract.documents import read_document
from cdds_django.mock.core import MockCore
from cdds_django.mock.messages import MockRequest, MockResponse

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Client:
    """Sends requests to a core in the name of one batch."""

    core: MockCore
    batch_id: str | None = "b"

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> MockResponse:
        path, _, query = path.partition("?")
        sent = {"host": "api.test"}
        if body is not None:
            sent["content-type"] = "application/json"
        sent |= {name.replace("_", "-").lower(): value for name, value in headers.items()}
        if self.batch_id is not None:
            sent["x-test-batch-id"] = self.batch_id
        content = body if isinstance(body, bytes) else b"" if body is None else dumped(body)
        pairs = tuple((name.encode(), value.encode("latin-1")) for name, value in sent.items())
        return self.core.handle(MockRequest(method, path, query.encode(), pairs, content))

    def json(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return the JSON of a success."""
        response = self(method, path, body, **headers)
        assert response.status < 300, response
        return json.loads(response.body)

    def problem(self, status: int, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return the JSON of a refusal with this status."""
        response = self(method, path, body, **headers)
        assert response.status == status, response
        return json.loads(response.body)


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def headers_of(response: MockResponse) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in response.headers}


def compiled(document: Any, **options: Any) -> Client:
    """Return a client of a new mock with one empty batch."""
    core = MockCore.compile(document, **options)
    core.fork("b")
    return Client(core)


def json_body(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def ok(schema: Any, status: str = "200") -> dict[str, Any]:
    return {status: {"description": "", **json_body(schema)}}


@pytest.fixture(scope="session")
def payments_document() -> Any:
    path = REPOSITORY / "example_project" / "orders" / "openapi" / "payments.json"
    return json.loads(path.read_text())


@pytest.fixture(scope="session")
def shop_document() -> Any:
    """The awkward features that documents have, in one."""
    return read_document(Path(__file__).parent / "shop.yaml")


@pytest.fixture(scope="session")
def example_document() -> Any:
    """The OpenAPI document of the example project, as drf-spectacular writes it."""
    command = [sys.executable, "manage.py", "spectacular", "--format", "openapi-json"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture
def payments(payments_document: Any) -> Client:
    return compiled(payments_document)


@pytest.fixture
def shop(shop_document: Any) -> Client:
    return compiled(shop_document)
