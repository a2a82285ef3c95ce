"""HTTP/1.1 on a connection, without ASGI in between.

The core answers at once, so a task, a queue and a scope for each request would be most of what a
request costs (uvicorn's own protocol serves a quarter of the requests; see benchmarks). httptools
parses; uvicorn listens, keeps the connections and drains them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol, cast

import httptools

from cdds_django.mock.messages import MockRequest, MockResponse
from cdds_django.mock.server.door import Door

_log = logging.getLogger(__name__)

_STATUS_LINES = {
    **{status: b"HTTP/1.1 %d \r\n" % status for status in range(100, 600)},
    **{s.value: f"HTTP/1.1 {s.value} {s.phrase}\r\n".encode() for s in HTTPStatus},
}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_WITHOUT_BODY = frozenset({*range(100, 200), 204, 304})
_MOST_HEADER_BYTES = 64 * 1024
_LINGER_S = 5.0
"""How long the rest of a refused request is read and dropped: closing earlier would reset the
connection, and the client might never see why (RFC 9112, section 9.6)."""

_TEXT = ((b"content-type", b"text/plain"),)


class ServerState(Protocol):
    """What uvicorn's server shares with its protocols."""

    total_requests: int
    connections: set[Any]
    default_headers: list[tuple[bytes, bytes]]


class MockProtocol(asyncio.Protocol):
    """One connection."""

    def __init__(
        self, door: Door, state: ServerState, *, idle_s: float, is_ending: Callable[[], bool]
    ) -> None:
        """A connection that says nothing for `idle_s` seconds is closed.

        `is_ending` tells whether the server drains; it says so to no connection that came late.
        """
        self._door = door
        self._is_ending = is_ending
        self._state = state
        self._idle_s = idle_s
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport = cast(Any, None)
        self._waiting: deque[tuple[MockRequest, bool]] = deque()
        """Requests, and whether the connection stays, behind one whose answer is delayed."""
        self._delayed: asyncio.TimerHandle | None = None
        self._is_last = False
        self._is_refused = False
        self._is_used = True

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._state.connections.add(self)
        self._loop = asyncio.get_running_loop()
        self._idle = self._loop.call_later(self._idle_s, self._close_if_idle)

    def connection_lost(self, error: Exception | None) -> None:
        self._state.connections.discard(self)
        self._idle.cancel()
        if self._delayed is not None:
            self._delayed.cancel()

    def data_received(self, data: bytes) -> None:
        self._is_used = True
        if self._is_refused:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._transport.close()
        except httptools.HttpParserError as error:
            self._refuse(MockResponse(400, _TEXT, f"Invalid HTTP request: {error}".encode()))

    def pause_writing(self) -> None:
        # A client that doesn't read its answers isn't read either.
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        if not self._waiting and self._delayed is None:
            self._transport.resume_reading()

    def shutdown(self) -> None:
        """Close as soon as what was asked is answered; uvicorn calls it to drain."""
        self._is_last = True
        if self._delayed is None and not self._waiting:
            self._transport.close()

    def _close_if_idle(self) -> None:
        # Looking now and then costs less than a timer for each request.
        if not self._is_used and self._delayed is None:
            self._transport.close()
            return
        self._is_used = False
        self._idle = self._loop.call_later(self._idle_s, self._close_if_idle)

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._header_bytes = 0
        self._body = b""
        self._parts: list[bytes] | None = None
        self._body_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        for name, value in self._headers:
            if name == b"content-length" and int(value) > self._door.body_bytes:
                self._refuse(self._door.too_large())
                return
            if name == b"expect" and value.lower() == b"100-continue":
                self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self._door.body_bytes:
            self._refuse(self._door.too_large())
        elif not self._body:
            self._body = body
        else:
            self._parts = self._parts or [self._body]
            self._parts.append(body)

    def on_message_complete(self) -> None:
        if self._is_last or self._transport.is_closing():
            return
        path, _, query = self._url.partition(b"?")
        if path[:1] != b"/":
            parsed = httptools.parse_url(self._url)
            path, query = parsed.path or b"/", parsed.query or b""
        request = MockRequest(
            self._parser.get_method().decode("latin-1"),
            path.decode("latin-1"),
            query,
            tuple(self._headers),
            self._body if self._parts is None else b"".join(self._parts),
        )
        # HTTP/1.0 would want to be told that the connection stays.
        parser = self._parser
        keep_alive = (
            parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not self._is_ending()
        )
        if self._delayed is None:
            self._answer(request, keep_alive)
        else:
            self._transport.pause_reading()
            self._waiting.append((request, keep_alive))

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > _MOST_HEADER_BYTES:
            self._refuse(MockResponse(431, _TEXT, b"The header fields are too large."))

    # Answering.

    def _answer(self, request: MockRequest, keep_alive: bool) -> None:
        self._state.total_requests += 1
        try:
            response = self._door.answer(request)
        except Exception:
            _log.exception("%s %s can't be answered", request.method, request.path)
            response = MockResponse(500, _TEXT, b"The mock failed; its log says how.")
        if response.delay > 0:
            self._delayed = self._loop.call_later(
                response.delay, self._after_delay, request, response, keep_alive
            )
        else:
            self._write(request.method, response, keep_alive)

    def _after_delay(self, request: MockRequest, response: MockResponse, keep_alive: bool) -> None:
        self._delayed = None
        self._is_used = True
        self._write(request.method, response, keep_alive and not self._is_last)
        while self._waiting and self._delayed is None and not self._transport.is_closing():
            self._answer(*self._waiting.popleft())
        if self._delayed is None and not self._transport.is_closing():
            self._transport.resume_reading()

    def _write(
        self, method: str, response: MockResponse, keep_alive: bool, linger_s: float = 0
    ) -> None:
        if response.drop:
            self._transport.abort()
            return
        status, headers, body = response[:3]
        parts = [_STATUS_LINES[status]]
        for name, value in headers:
            parts += (name, b": ", value, b"\r\n")
        for name, value in self._state.default_headers:
            parts += (name, b": ", value, b"\r\n")
        if not keep_alive:
            parts.append(b"connection: close\r\n")
        if status not in _WITHOUT_BODY:
            parts.append(b"content-length: %d\r\n\r\n" % len(body))
            if method != "HEAD":
                parts.append(body)
        else:
            parts.append(b"\r\n")
        self._transport.write(b"".join(parts))
        if linger_s:
            self._loop.call_later(linger_s, self._transport.close)
        elif not keep_alive:
            self._transport.close()

    def _refuse(self, response: MockResponse) -> None:
        """Answer before the request was read whole; nothing more can be understood after that."""
        if self._is_refused or self._transport.is_closing():
            return
        self._is_refused = self._is_last = True
        self._write("", response, keep_alive=False, linger_s=_LINGER_S)
