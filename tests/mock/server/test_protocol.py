"""`mock.server.protocol`: HTTP/1.1 as it comes over a socket, with a stand-in for the core."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from cdds_django.mock.limits import Limits
from cdds_django.mock.messages import MockRequest, MockResponse
from cdds_django.mock.server.door import Door
from cdds_django.mock.server.protocol import MockProtocol
from cdds_django.mock.server.serving import server_of

LIMIT = 1_000_000


class EchoCore:
    """Answers with what it was asked; the path says how."""

    title, operation_ids, labels = "Echo", ("echo",), {"echo": "POST /echo"}
    limits = Limits(body_bytes=LIMIT)

    def observe(self, observer: Any) -> None:
        pass

    def batches(self) -> tuple[str, ...]:
        return ()

    def handle(self, request: MockRequest) -> MockResponse:
        if request.path == "/broken":
            raise LookupError("a bug")
        status = int(request.path[1:]) if request.path[1:].isdigit() else 200
        said = f"{request.method} {request.path}?{request.query.decode()} {len(request.body)}"
        return MockResponse(
            status,
            ((b"content-type", b"text/plain"),),
            b"" if status == 204 else said.encode(),
            delay=0.2 if request.path == "/slow" else 0.0,
            drop=request.path == "/drop",
        )


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = server_of(Door(EchoCore()))  # type: ignore[arg-type]
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=[[listener]])
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def exchanged(port: int, *parts: bytes, pause_s: float = 0.02) -> bytes:
    """Send parts one after the other and return all that comes until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause_s if len(parts) > 1 else 0)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received


def last(method: bytes, path: bytes, *fields: bytes, body: bytes = b"") -> bytes:
    """Return a request after which the server closes."""
    head = [method + b" " + path + b" HTTP/1.1", b"host: x", b"connection: close", *fields]
    return b"\r\n".join([*head, b"", body])


def test_answers_come_in_order_even_behind_one_that_is_delayed(port: int) -> None:
    paths = [b"/a", b"/slow", b"/b?x=%20", b"/c"]
    requests = [b"GET %s HTTP/1.1\r\nhost: x\r\n\r\n" % path for path in paths]

    received = exchanged(port, b"".join(requests) + last(b"GET", b"/d"))

    bodies = [part.split(b"\r\n\r\n")[1] for part in received.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    assert bodies == [b"GET /a? 0", b"GET /slow? 0", b"GET /b?x=%20 0", b"GET /c? 0", b"GET /d? 0"]
    assert received.count(b"connection: close") == 1


def test_bodies_in_pieces(port: int) -> None:
    body = b"x" * 300_000
    whole = last(b"POST", b"/a", b"content-length: 300000", body=body)
    chunked = last(
        b"POST",
        b"/a",
        b"transfer-encoding: chunked",
        body=b"3\r\nabc\r\n" + b"186a0\r\n" + body[:100_000] + b"\r\n0\r\n\r\n",
    )

    assert b"POST /a? 300000" in exchanged(port, whole[:30], whole[30:120], whole[120:])
    assert b"POST /a? 100003" in exchanged(port, chunked)


def test_statuses_without_body_and_head(port: int) -> None:
    received = exchanged(port, last(b"HEAD", b"/a"))
    assert b"content-length: 10\r\n" in received
    assert received.endswith(b"\r\n\r\n")

    received = exchanged(port, last(b"DELETE", b"/204"))
    assert received.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert b"content-length" not in received


def test_date_is_sent(port: int) -> None:
    assert b"\r\ndate: " in exchanged(port, last(b"GET", b"/a"))


def test_http_1_0_is_answered_and_closed(port: int) -> None:
    assert b"GET /a? 0" in exchanged(port, b"GET /a HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")


def test_continue_is_said_before_the_body(port: int) -> None:
    request = last(b"PUT", b"/a", b"expect: 100-continue", b"content-length: 3", body=b"abc")
    received = exchanged(port, request[:-3], request[-3:])

    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (last(b"POST", b"/a", b"content-length: 1000001"), b"413"),
        (
            last(b"POST", b"/a", b"transfer-encoding: chunked", body=b"f4241\r\n" + b"x" * 1000001),
            b"413",
        ),
        (last(b"GET", b"/a", b"x: " + b"y" * 70_000), b"431"),
        (b"NONSENSE\r\n\r\n", b"400"),
        (last(b"GET", b"/broken"), b"500"),
    ],
    ids=["length", "chunked", "headers", "nonsense", "bug"],
)
def test_refused(port: int, request_: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request_)
        assert connection.recv(4096).startswith(b"HTTP/1.1 %s " % status)


def test_whole_body_can_be_sent_before_the_refusal_is_read(port: int) -> None:
    """A reset would lose the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(last(b"POST", b"/a", b"content-length: 9000000", body=b"x" * 9_000_000))
        assert b"1,000,000 bytes" in connection.recv(4096)


def test_dropped(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(last(b"GET", b"/drop"))
        try:
            received = connection.recv(4096)
        except ConnectionResetError:
            received = b""
        assert received == b""


class FakeTransport:
    """Notes what a protocol does with its connection."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name == "is_closing":
            return lambda: "close" in self.done
        return lambda *arguments: self.done.append(name)


def test_slow_readers_are_not_read_and_idle_connections_close() -> None:
    import asyncio

    async def connection() -> list[str]:
        state = SimpleNamespace(total_requests=0, connections=set(), default_headers=[])
        protocol = MockProtocol(
            Door(EchoCore()),  # type: ignore[arg-type]
            state,
            idle_s=0.02,
            is_ending=lambda: False,
        )
        transport: Any = FakeTransport()
        protocol.connection_made(transport)
        protocol.pause_writing()
        protocol.resume_writing()
        protocol.data_received(b"GET /a HTTP/1.1\r\nhost: x\r\n\r\n")
        await asyncio.sleep(0.1)
        protocol.connection_lost(None)
        assert not state.connections
        return list(transport.done)

    assert asyncio.run(connection()) == ["pause_reading", "resume_reading", "write", "close"]
