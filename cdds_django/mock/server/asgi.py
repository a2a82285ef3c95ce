"""The mock as an ASGI application (asgi.readthedocs.io, HTTP 2.3), for any server that runs one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from cdds_django.mock.messages import MockRequest, MockResponse
from cdds_django.mock.server.door import Door

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class MockApplication:
    """Answers over ASGI what a door answers."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            raise RuntimeError(f"The mock speaks HTTP only, not {scope['type']}.")

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _body(receive, self._door.body_bytes)
        if body is None:
            response = self._door.too_large()
        else:
            path = scope.get("raw_path") or scope["path"].encode()
            response = self._door.answer(
                MockRequest(
                    scope["method"],
                    path.partition(b"?")[0].decode("latin-1"),
                    scope["query_string"],
                    tuple((bytes(name), bytes(value)) for name, value in scope["headers"]),
                    body,
                )
            )
        if response.delay > 0:
            await asyncio.sleep(response.delay)
        await _send(send, scope["method"], response)


async def _send(send: Send, method: str, response: MockResponse) -> None:
    headers = list(response.headers)
    if not (response.status < 200 or response.status in (204, 304)):
        length = len(response.body) + int(response.drop)
        headers.append((b"content-length", str(length).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if response.drop:
        # ASGI can't drop a connection. An answer that is shorter than it says makes servers do it.
        return
    body = b"" if method == "HEAD" else response.body
    await send({"type": "http.response.body", "body": body})


async def _body(receive: Receive, limit: int) -> bytes | None:
    """Return the body, None where it is longer than `limit` bytes."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
