"""A mock in another process, over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

from cdds_django.errors import ConfigurationError
from cdds_django.mock.errors import (
    BatchExistsError,
    LimitError,
    MockError,
    SeedError,
    UnknownBatchError,
)
from cdds_django.mock.faults import Fault
from cdds_django.mock.messages import MockRequest, MockResponse
from cdds_django.mock.records import BatchDetails, Call

_ERRORS: Mapping[int, type[MockError]] = {
    error.status: error for error in (BatchExistsError, LimitError, SeedError, UnknownBatchError)
}
_OF_THE_CONNECTION = frozenset(
    {b"connection", b"content-length", b"host", b"keep-alive", b"transfer-encoding"}
)
_IDLE_S = 20.0
_OF_THE_SERVER = frozenset({b"connection", b"content-length", b"date", b"server"})


class RemoteMock:
    """One server: sends requests to it, and does to its batches what can be done."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        """`url` is that of the server, `token` what it asks of admin calls."""
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ConfigurationError(
                f"{url!r} can't be a mock server: its URL must begin with http:// and a host, such "
                "as http://127.0.0.1:8081."
            )
        self.url = url.rstrip("/")
        self._host, self._port = parts.hostname, parts.port or 80
        self._admin_headers = {"authorization": f"Bearer {token}"} if token else {}
        # Connections are kept: by threads, for they can't be shared.
        self._of_thread = threading.local()

    # Exchange.

    def send(self, request: MockRequest, timeout_s: float | None) -> MockResponse:
        """Forward a request. Raises TimeoutError, ConnectionResetError, ConnectionError."""
        url = request.path + (f"?{request.query.decode('latin-1')}" if request.query else "")
        headers = [h for h in request.headers if h[0] not in _OF_THE_CONNECTION]
        status, received, body = self._exchange(
            request.method, url, headers, request.body, timeout_s
        )
        return MockResponse(
            status, tuple(header for header in received if header[0] not in _OF_THE_SERVER), body
        )

    async def send_async(self, request: MockRequest, timeout_s: float | None) -> MockResponse:
        """As `send`, without holding the event loop up."""
        return await asyncio.to_thread(self.send, request, timeout_s)

    # Control.

    def fork(
        self, batch_id: str, source: str | None = None, *, seed: Mapping[str, Any] | None = None
    ) -> None:
        """Make a batch. Raises BatchExistsError, UnknownBatchError, LimitError, SeedError."""
        body: dict[str, Any] = {"batch_id": batch_id}
        if source is not None:
            body["from"] = source
        if seed is not None:
            body["seed"] = seed
        self._admin("POST", "fork", body)

    def reset(self, batch_id: str) -> None:
        """Take a batch back to how it began. Raises UnknownBatchError."""
        self._admin("POST", f"batches/{_quoted(batch_id)}/reset")

    def snapshot(self, batch_id: str, name: str = "default") -> None:
        """Keep a batch's state under a name. Raises UnknownBatchError."""
        self._admin("POST", f"batches/{_quoted(batch_id)}/snapshot", {"name": name})

    def restore(self, batch_id: str, name: str = "default") -> None:
        """Take a batch back to a snapshot. Raises UnknownBatchError."""
        self._admin("POST", f"batches/{_quoted(batch_id)}/restore", {"name": name})

    def delete(self, batch_id: str) -> None:
        """Forget a batch. Raises UnknownBatchError."""
        self._admin("DELETE", f"batches/{_quoted(batch_id)}")

    def batch(self, batch_id: str) -> BatchDetails:
        """Return what a batch is like. Raises UnknownBatchError."""
        found = self._admin("GET", f"batches/{_quoted(batch_id)}")
        return BatchDetails(**{name: found[name] for name in BatchDetails.__dataclass_fields__})

    def calls(self, batch_id: str) -> tuple[Call, ...]:
        """Return a batch's last calls. Raises UnknownBatchError."""
        found = self._admin("GET", f"batches/{_quoted(batch_id)}/calls")
        calls = [Call(**{name: row[name] for name in Call._fields}) for row in found["calls"]]
        return tuple(call._replace(messages=tuple(call.messages)) for call in calls)

    def rows(self, batch_id: str) -> Mapping[str, list[Any]]:
        """Return a batch's rows by the path of their collection. Raises UnknownBatchError."""
        found: Mapping[str, list[Any]] = self._admin("GET", f"batches/{_quoted(batch_id)}/rows")
        return found

    def inject(self, batch_id: str, fault: Fault) -> None:
        """Have something go wrong in a batch. Raises UnknownBatchError, MockError."""
        self._admin("POST", f"batches/{_quoted(batch_id)}/faults", fault.as_json())

    def clear_faults(self, batch_id: str) -> None:
        """Have nothing go wrong any more in a batch. Raises UnknownBatchError."""
        self._admin("DELETE", f"batches/{_quoted(batch_id)}/faults")

    def is_healthy(self, timeout_s: float) -> bool:
        """Whether the server answers within `timeout_s` seconds."""
        try:
            return self._exchange("GET", "/healthz", [], b"", timeout_s)[0] == 200
        except OSError:
            return False

    def _admin(self, method: str, path: str, body: Any = None) -> Any:
        headers = [(k.encode(), v.encode()) for k, v in self._admin_headers.items()]
        content = b"" if body is None else json.dumps(body).encode()
        if content:
            headers.append((b"content-type", b"application/json"))
        status, _, answer = self._exchange(method, f"/admin/{path}", headers, content, 60)
        found = json.loads(answer) if answer else None
        if status < 400:
            return found
        message = found.get("error") if isinstance(found, dict) else answer.decode()
        raise _ERRORS.get(status, MockError)(f"{self.url}: {message}")

    def _exchange(
        self,
        method: str,
        url: str,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        timeout_s: float | None,
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        connection = self._connection(timeout_s)
        try:
            connection.putrequest(method, url, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body or method in ("POST", "PUT", "PATCH"):
                connection.putheader("content-length", str(len(body)))
            connection.endheaders(body or None)
            response = connection.getresponse()
            received = [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in response.getheaders()
            ]
            content = response.read()
            self._of_thread.used = time.monotonic()
            return response.status, received, content
        except (OSError, HTTPException) as error:
            connection.close()
            if isinstance(error, HTTPException) and not isinstance(error, ConnectionError):
                raise ConnectionError(f"{self.url}: {error}") from error
            raise

    def _connection(self, timeout_s: float | None) -> HTTPConnection:
        """Return this thread's connection."""
        here = self._of_thread
        if not hasattr(here, "connection"):
            here.connection = HTTPConnection(self._host, self._port)
            here.used = time.monotonic()
        connection: HTTPConnection = here.connection
        if time.monotonic() - here.used > _IDLE_S:
            # The server may be about to close it, which would look like a dropped request.
            connection.close()
        connection.timeout = timeout_s
        if connection.sock is not None:
            connection.sock.settimeout(timeout_s)
        return connection


def _quoted(batch_id: str) -> str:
    return quote(batch_id, safe="")
