"""From a request that some library would send to the answer of a mock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from cdds_django.mock.messages import MockRequest, MockResponse

BATCH_HEADER = b"x-test-batch-id"

Answer = Callable[[MockRequest], MockResponse]


class Exchange(Protocol):
    """Sends requests to a mock, wherever that is.

    Both ways raise TimeoutError when the answer takes longer than `timeout_s` seconds (None for no
    limit), and ConnectionResetError when the mock drops the connection.
    """

    def send(self, request: MockRequest, timeout_s: float | None) -> MockResponse: ...

    async def send_async(self, request: MockRequest, timeout_s: float | None) -> MockResponse: ...


class LocalExchange:
    """With a core in this process."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def send(self, request: MockRequest, timeout_s: float | None) -> MockResponse:
        response = self._answer(request)
        if response.delay > 0:
            time.sleep(_patience_s(response, timeout_s))
        return _arrived(response, timeout_s)

    async def send_async(self, request: MockRequest, timeout_s: float | None) -> MockResponse:
        response = self._answer(request)
        if response.delay > 0:
            import anyio

            await anyio.sleep(_patience_s(response, timeout_s))
        return _arrived(response, timeout_s)


def in_batch(request: MockRequest, batch_id: bytes) -> MockRequest:
    """Return the request as one of a batch, whatever batch it says it is of."""
    headers = [header for header in request.headers if header[0] != BATCH_HEADER]
    headers.append((BATCH_HEADER, batch_id))
    return request._replace(headers=tuple(headers))


def _patience_s(response: MockResponse, timeout_s: float | None) -> float:
    return response.delay if timeout_s is None else min(response.delay, timeout_s)


def _arrived(response: MockResponse, timeout_s: float | None) -> MockResponse:
    if timeout_s is not None and response.delay > timeout_s:
        raise TimeoutError(f"No answer within {timeout_s:g} s (a delay that was asked for).")
    if response.drop:
        raise ConnectionResetError("The connection was dropped (a fault that was asked for).")
    return response
