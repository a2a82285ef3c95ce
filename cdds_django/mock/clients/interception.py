"""Having `requests` and `httpx` ask a mock, whoever makes the calls, while the mock is in use."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from cdds_django.mock.clients.exchange import Exchange
from cdds_django.mock.clients.served_urls import ServedUrls


def intercept(exchange: Exchange, urls: ServedUrls) -> Callable[[], None]:
    """Answer what is sent to `urls` by either library, where it is installed; return the undo.

    What goes elsewhere goes on as it would. Mocks may be nested: the last one is asked first.
    """
    stack = ExitStack()
    for patch in (_requests, _httpx):
        try:
            patch(stack, exchange, urls)
        except ImportError:
            continue
    return stack.close


def _requests(stack: ExitStack, exchange: Exchange, urls: ServedUrls) -> None:
    from requests.adapters import HTTPAdapter

    from cdds_django.mock.clients.requests_adapter import answered

    original = HTTPAdapter.send

    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        target = urls.target(request.url)
        if target is None:
            return original(self, request, *args, **kwargs)
        # Positional as in HTTPAdapter.send: stream, timeout.
        timeout = kwargs["timeout"] if "timeout" in kwargs else (*args, None, None)[1]
        response = answered(exchange, target, request, timeout)
        vars(response)["connection"] = self
        return response

    _replace(stack, HTTPAdapter, "send", send)


def _httpx(stack: ExitStack, exchange: Exchange, urls: ServedUrls) -> None:
    import httpx

    from cdds_django.mock.clients.httpx_transport import answered, answered_async

    plain = httpx.HTTPTransport.handle_request
    concurrent = httpx.AsyncHTTPTransport.handle_async_request

    def handle_request(self: Any, request: Any) -> Any:
        target = urls.target(str(request.url))
        if target is None:
            return plain(self, request)
        return answered(exchange, target, request)

    async def handle_async_request(self: Any, request: Any) -> Any:
        target = urls.target(str(request.url))
        if target is None:
            return await concurrent(self, request)
        return await answered_async(exchange, target, request)

    _replace(stack, httpx.HTTPTransport, "handle_request", handle_request)
    _replace(stack, httpx.AsyncHTTPTransport, "handle_async_request", handle_async_request)


def _replace(stack: ExitStack, owner: type, name: str, value: Callable[..., Any]) -> None:
    original = vars(owner)[name]
    setattr(owner, name, value)
    stack.callback(setattr, owner, name, original)
