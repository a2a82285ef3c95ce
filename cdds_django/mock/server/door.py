"""What stands between HTTP and the core: pages of the server itself, tokens, and counting.

It knows no sockets: `protocol.py` and `asgi.py` bring it requests.
"""

from __future__ import annotations

import hmac
import json
from importlib.resources import files

from cdds_django.mock.core import MockCore
from cdds_django.mock.messages import MockRequest, MockResponse
from cdds_django.mock.server.metrics import CONTENT_TYPE, Metrics

OPERATION_HEADER = b"x-mock-operation"
"""Of responses: the method and path of the operation that was called."""

_BATCH_HEADER = b"x-test-batch-id"
_OWN_PATHS = frozenset({"/", "/healthz", "/metrics"})
_ADMIN = "/admin/"


class Door:
    """One core, served."""

    def __init__(self, core: MockCore, *, token: str | None = None) -> None:
        """With a `token`, calls of `/admin/` have to send it as `Authorization: Bearer …`."""
        self.core = core
        self.metrics = Metrics(core)
        self._token = token.encode() if token else None
        self._labels = {operation_id: label.encode() for operation_id, label in core.labels.items()}
        self._called = ""
        core.observe(self._observe)

    @property
    def body_bytes(self) -> int:
        """The longest body that is read, in bytes."""
        return self.core.limits.body_bytes

    def answer(self, request: MockRequest) -> MockResponse:
        """Answer a request. Raises nothing that a client can cause."""
        if request.path in _OWN_PATHS and not _names_batch(request):
            return self._own(request)
        if request.path.startswith(_ADMIN) and not self._may_administer(request):
            return _error(401, "this needs the header Authorization: Bearer TOKEN")
        self._called = ""
        response = self.core.handle(request)
        if self._called:
            # The core has observed the call before it returned, in this very thread.
            label = self._labels[self._called]
            return response._replace(headers=(*response.headers, (OPERATION_HEADER, label)))
        return response

    def too_large(self) -> MockResponse:
        """Return the answer to a body that is longer than allowed."""
        return _error(413, f"a body may have {self.body_bytes:,} bytes")

    def _observe(self, operation_id: str, status: int, seconds: float, violations: int) -> None:
        self._called = operation_id
        self.metrics.observe(operation_id, status, seconds, violations)

    def _own(self, request: MockRequest) -> MockResponse:
        if request.method not in ("GET", "HEAD"):
            return _error(405, f"{request.method} isn't allowed here", ((b"allow", b"GET, HEAD"),))
        if request.path == "/healthz":
            state = {"status": "ok", "title": self.core.title}
            return MockResponse(200, _JSON, json.dumps(state).encode())
        if request.path == "/metrics":
            return MockResponse(200, CONTENT_TYPE, self.metrics.rendered().encode())
        page = files("cdds_django.mock.server").joinpath("page.html").read_bytes()
        return MockResponse(200, _PAGE, page)

    def _may_administer(self, request: MockRequest) -> bool:
        if self._token is None:
            return True
        sent = dict(request.headers).get(b"authorization", b"")
        scheme, _, token = sent.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self._token)


_JSON = ((b"content-type", b"application/json"),)
# The page shows what clients sent: nothing may be loaded from elsewhere, and nobody may frame it.
_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    b"connect-src 'self'; frame-ancestors 'none'"
)
_PAGE = ((b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", _POLICY))


def _names_batch(request: MockRequest) -> bool:
    """Whether it is for the contract: that may have paths of the same names."""
    return any(name == _BATCH_HEADER for name, _ in request.headers)


def _error(
    status: int, message: str, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> MockResponse:
    return MockResponse(status, (*_JSON, *headers), json.dumps({"error": message}).encode())
