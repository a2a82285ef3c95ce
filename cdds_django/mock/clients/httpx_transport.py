"""The mock for `httpx`."""

from __future__ import annotations

import httpx

from cdds_django.mock.clients.exchange import Exchange
from cdds_django.mock.clients.served_urls import ServedUrls, Target
from cdds_django.mock.messages import MockRequest, MockResponse


class MockTransport(httpx.BaseTransport):
    """For `httpx.Client(transport=…)`."""

    def __init__(self, exchange: Exchange, urls: ServedUrls) -> None:
        self._exchange = exchange
        self._urls = urls

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the mock. Raises httpx.ConnectError for a URL that isn't the mock's."""
        return answered(self._exchange, _target(self._urls, request), request)


class AsyncMockTransport(httpx.AsyncBaseTransport):
    """For `httpx.AsyncClient(transport=…)`."""

    def __init__(self, exchange: Exchange, urls: ServedUrls) -> None:
        self._exchange = exchange
        self._urls = urls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the mock. Raises httpx.ConnectError for a URL that isn't the mock's."""
        return await answered_async(self._exchange, _target(self._urls, request), request)


def answered(exchange: Exchange, target: Target, request: httpx.Request) -> httpx.Response:
    """Return the mock's answer. Raises httpx.ReadTimeout, httpx.RemoteProtocolError."""
    sent = _sent(request, target, request.read())
    try:
        return _response(exchange.send(sent, _timeout_s(request)), request)
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error), request=request) from error
    except ConnectionError as error:
        raise httpx.RemoteProtocolError(str(error), request=request) from error


async def answered_async(
    exchange: Exchange, target: Target, request: httpx.Request
) -> httpx.Response:
    """Return the mock's answer. Raises httpx.ReadTimeout, httpx.RemoteProtocolError."""
    sent = _sent(request, target, await request.aread())
    try:
        return _response(await exchange.send_async(sent, _timeout_s(request)), request)
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error), request=request) from error
    except ConnectionError as error:
        raise httpx.RemoteProtocolError(str(error), request=request) from error


def _target(urls: ServedUrls, request: httpx.Request) -> Target:
    target = urls.target(str(request.url))
    if target is None:
        raise httpx.ConnectError(
            f"{request.url} is none of the URLs that are mocked: {', '.join(urls.base_urls)}.",
            request=request,
        )
    return target


def _sent(request: httpx.Request, target: Target, body: bytes) -> MockRequest:
    headers = tuple((name.lower(), value) for name, value in request.headers.raw)
    return MockRequest(request.method, target.path, target.query, headers, body)


def _response(answer: MockResponse, request: httpx.Request) -> httpx.Response:
    body = b"" if request.method == "HEAD" else answer.body
    headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
    return httpx.Response(answer.status, headers=headers, content=body, request=request)


def _timeout_s(request: httpx.Request) -> float | None:
    timeout: float | None = (request.extensions.get("timeout") or {}).get("read")
    return timeout
