"""The mock for `requests`."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import Message
from http import HTTPStatus
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse

from cdds_django.mock.clients.exchange import Exchange
from cdds_django.mock.clients.served_urls import ServedUrls, Target
from cdds_django.mock.messages import MockRequest, MockResponse

_REASONS = {status.value: status.phrase for status in HTTPStatus}


class MockAdapter(BaseAdapter):
    """For `session.mount("https://payments.example.com", adapter)`."""

    def __init__(self, exchange: Exchange, urls: ServedUrls) -> None:
        super().__init__()
        self._exchange = exchange
        self._urls = urls

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer from the mock. Raises requests.ConnectionError for a URL that isn't the mock's."""
        target = self._urls.target(request.url or "")
        if target is None:
            raise requests.ConnectionError(
                f"{request.url} is none of the URLs that are mocked: "
                f"{', '.join(self._urls.base_urls)}.",
                request=request,
            )
        return answered(self._exchange, target, request, kwargs.get("timeout"))

    def close(self) -> None:
        """There is nothing to close."""


def answered(
    exchange: Exchange, target: Target, request: requests.PreparedRequest, timeout: Any
) -> requests.Response:
    """Return the mock's answer. Raises requests.ReadTimeout, requests.ConnectionError."""
    timeout_s = timeout[1] if isinstance(timeout, tuple) else timeout
    sent = MockRequest(
        request.method or "GET",
        target.path,
        target.query,
        tuple(
            [
                (
                    name.encode("latin-1"),
                    value if isinstance(value, bytes) else value.encode("latin-1"),
                )
                for name, value in request.headers.lower_items()
            ]
        ),
        _body(request.body),
    )
    try:
        response = exchange.send(sent, timeout_s)
    except TimeoutError as error:
        raise requests.ReadTimeout(error, request=request) from error
    except ConnectionError as error:
        raise requests.ConnectionError(error, request=request) from error
    return _response(response, request)


def _response(answer: MockResponse, request: requests.PreparedRequest) -> requests.Response:
    if any(name == b"set-cookie" for name, _ in answer.headers):
        return _response_with_cookies(answer, request)
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    for name, value in answer.headers:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    headers["content-length"] = str(len(answer.body))
    response: Any = requests.Response()
    response.status_code = answer.status
    response.headers = headers
    response.encoding = get_encoding_from_headers(headers)
    response.reason = _REASONS.get(answer.status, "")
    response.url = request.url
    response.request = request
    response.raw = BytesIO(answer.body)
    # As if it had been read: streaming works on what is there as well.
    response._content = b"" if request.method == "HEAD" else answer.body
    response._content_consumed = True
    return response  # type: ignore[no-any-return]


def _response_with_cookies(
    answer: MockResponse, request: requests.PreparedRequest
) -> requests.Response:
    """Let requests build it, which finds cookies only in what the standard library parsed."""
    headers = HTTPHeaderDict()
    message = Message()
    for name, value in answer.headers:
        headers.add(name.decode("latin-1"), value.decode("latin-1"))
        message.add_header(name.decode("latin-1"), value.decode("latin-1"))
    original: Any = type("Original", (), {"msg": message, "isclosed": lambda self: True})()
    raw = HTTPResponse(
        body=BytesIO(answer.body),
        headers=headers,
        status=answer.status,
        reason=_REASONS.get(answer.status, ""),
        original_response=original,
        preload_content=False,
    )
    return HTTPAdapter().build_response(request, raw)


def _body(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    if hasattr(body, "read"):
        return _body(body.read())
    assert isinstance(body, Iterable)
    return b"".join(map(_body, body))
