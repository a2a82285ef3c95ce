"""`mock.clients`: what `requests` and `httpx` get, when an answer is a mock's."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests

from cdds_django.mock.clients.exchange import LocalExchange, in_batch
from cdds_django.mock.clients.httpx_transport import AsyncMockTransport, MockTransport
from cdds_django.mock.clients.interception import intercept
from cdds_django.mock.clients.requests_adapter import MockAdapter
from cdds_django.mock.clients.served_urls import ServedUrls
from cdds_django.mock.messages import MockRequest, MockResponse

URL = "https://payments.test/v1"


def answer(request: MockRequest) -> MockResponse:
    """Say what was asked, as the path wants it."""
    said = {
        "method": request.method,
        "path": request.path,
        "query": request.query.decode(),
        "type": dict(request.headers).get(b"content-type", b"").decode(),
        "body": request.body.decode(),
    }
    headers = [(b"content-type", b"application/json"), (b"x-many", b"a"), (b"x-many", b"b")]
    if request.path == "/cookies":
        headers += [(b"set-cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2")]
    status = int(request.path[1:]) if request.path[1:].isdigit() else 200
    return MockResponse(
        status,
        tuple(headers),
        json.dumps(said).encode(),
        delay=0.1 if request.path == "/slow" else 0.0,
        drop=request.path == "/drop",
    )


EXCHANGE, URLS = LocalExchange(answer), ServedUrls([URL])


@pytest.fixture(autouse=True)
def intercepted() -> Iterator[None]:
    undo = intercept(EXCHANGE, URLS)
    yield
    undo()


@pytest.mark.parametrize(
    ("arguments", "body", "content_type"),
    [
        ({"json": {"a": "ü"}}, None, "application/json"),
        ({"data": {"a": "1 2"}}, "a=1+2", "application/x-www-form-urlencoded"),
        ({"data": b"raw"}, "raw", ""),
        ({"data": iter([b"in ", b"parts"])}, "in parts", ""),
        ({"data": io.BytesIO(b"of a file")}, "of a file", ""),
    ],
    ids=["json", "form", "bytes", "iterator", "file"],
)
def test_requests_bodies(arguments: Any, body: str | None, content_type: str) -> None:
    said = requests.post(f"{URL}/charges/%41?x=1&y=%20#z", **arguments).json()

    assert said["path"] == "/charges/%41" or said["path"] == "/charges/A"
    assert (said["method"], said["query"]) == ("POST", "x=1&y=%20")
    assert said["type"] == content_type
    assert json.loads(said["body"]) == {"a": "ü"} if body is None else said["body"] == body


def test_requests_response() -> None:
    response = requests.get(f"{URL}/404", stream=True)

    assert (response.status_code, response.reason, response.ok) == (404, "Not Found", False)
    assert response.headers["X-Many"] == "a, b"
    assert response.url == f"{URL}/404"
    assert b"".join(response.iter_content(7)) == response.content == response.raw.read()
    with pytest.raises(requests.HTTPError):
        response.raise_for_status()
    assert requests.head(f"{URL}/a").content == b""
    response.close()


def test_requests_cookies() -> None:
    session = requests.Session()
    response = session.get(f"{URL}/cookies")

    assert response.json()["path"] == "/cookies"
    assert session.cookies.get_dict() == {"a": "1", "b": "2"}


def test_requests_failures() -> None:
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{URL}/slow", timeout=0.01)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{URL}/slow", timeout=(5, 0.01))
    assert requests.get(f"{URL}/slow", timeout=5).ok
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{URL}/drop")


def test_requests_adapter() -> None:
    session = requests.Session()
    session.mount("https://", MockAdapter(EXCHANGE, URLS))

    assert session.put(f"{URL}/a").json()["method"] == "PUT"
    with pytest.raises(requests.ConnectionError, match="none of the URLs that are mocked"):
        session.get("https://elsewhere.test/")


def test_httpx() -> None:
    response = httpx.post(f"{URL}/charges?x=%20", json={"a": 1})
    assert response.json()["path"] == "/charges"
    assert json.loads(response.json()["body"]) == {"a": 1}
    assert response.headers.get_list("x-many") == ["a", "b"]
    with pytest.raises(httpx.HTTPStatusError):
        httpx.get(f"{URL}/503").raise_for_status()
    with httpx.Client(base_url=URL) as client:
        client.get("/cookies")
        assert dict(client.cookies) == {"a": "1", "b": "2"}
        with pytest.raises(httpx.ReadTimeout):
            client.get("/slow", timeout=0.01)
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/drop")
    with httpx.Client(transport=MockTransport(EXCHANGE, URLS)) as client:
        assert client.get(f"{URL}/a", timeout=None).json()["method"] == "GET"
        with pytest.raises(httpx.ConnectError):
            client.get("https://elsewhere.test/")


def test_httpx_async() -> None:
    async def calls() -> None:
        async with httpx.AsyncClient() as client:
            many = await asyncio.gather(*(client.get(f"{URL}/slow") for _ in range(5)))
            assert {response.status_code for response in many} == {200}
            with pytest.raises(httpx.ReadTimeout):
                await client.get(f"{URL}/slow", timeout=0.01)
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(f"{URL}/drop")
        async with httpx.AsyncClient(transport=AsyncMockTransport(EXCHANGE, URLS)) as client:
            assert (await client.put(f"{URL}/a", content=b"x")).json()["body"] == "x"

    asyncio.run(calls())


def test_nested_and_undone() -> None:
    inner = intercept(LocalExchange(lambda request: MockResponse(418, (), b"")), URLS)
    assert requests.get(f"{URL}/a").status_code == httpx.get(f"{URL}/a").status_code == 418
    inner()
    assert requests.get(f"{URL}/a").status_code == httpx.get(f"{URL}/a").status_code == 200


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (URL, "/"),
        (f"{URL}/", "/"),
        (f"{URL}/a/b", "/a/b"),
        ("https://payments.test:443/v1/a", "/a"),
        ("https://user:secret@Payments.test/v1/a", "/a"),
        ("https://payments.test/v1x/a", None),
        ("https://payments.test/", None),
        ("http://payments.test/v1/a", None),
        ("https://payments.test:8443/v1/a", None),
        ("https://payments.test.evil/v1/a", None),
    ],
)
def test_which_urls(url: str, path: str | None) -> None:
    target = URLS.target(url)
    assert (target.path if target is not None else None) == path


def test_batch_of_the_mock_wins() -> None:
    request = MockRequest("GET", "/", b"", ((b"x-test-batch-id", b"other"), (b"a", b"b")), b"")

    assert in_batch(request, b"own").headers == ((b"a", b"b"), (b"x-test-batch-id", b"own"))
