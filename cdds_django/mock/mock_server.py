"""The mock in a process of its own, for what isn't Python or isn't in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cdds_django import upstream_calls
from cdds_django.contract.operations import operations_of
from cdds_django.errors import ConfigurationError
from cdds_django.mock.clients.batched import BatchedMock
from cdds_django.mock.clients.exchange import in_batch
from cdds_django.mock.clients.remote import RemoteMock
from cdds_django.mock.clients.served_urls import servers_of
from cdds_django.mock.compile.source import document_of
from cdds_django.mock.contract_mock import read_spec
from cdds_django.mock.messages import MockRequest, MockResponse
from cdds_django.mock.server.process import ServerProcess, share, start

_OPERATION_HEADER = b"x-mock-operation"


class MockServer(BatchedMock):
    """A mock server, and this process's way to it.

        with MockServer("contracts/payments.yaml") as payments:
            requests.post(f"{payments.url}/charges", json={…})

    What this process sends with `requests` or `httpx`, to the server or to a base URL, goes to the
    server with the present batch's id.
    """

    def __init__(
        self,
        spec: str | os.PathLike[str],
        *,
        base_urls: Iterable[str] | None = None,
        seed: Mapping[str, Any] | None = None,
        handlers: str | None = None,
        url: str | None = None,
        token: str | None = None,
        share_in: tuple[Path, str] | None = None,
    ) -> None:
        """Start a server of the document at `spec`, or use the one at `url`.

        It answers for `base_urls`, by default the absolute URLs of the document's servers. `seed`
        has the rows to begin with. `handlers` is a module whose `register(mock)` adds handlers.
        `share_in` is a directory and a name: all processes that name both use one server. Raises
        ContractError, ConfigurationError, MockError.
        """
        document, path = read_spec(spec)
        assert path is not None
        self._process = None if url is not None else _process(path, handlers, share_in)
        self.url = (url or _url_of(self._process)).rstrip("/")
        self._remote = RemoteMock(self.url, token=token)
        self._specification = document
        self._first = f"{os.environ.get('TEST_BATCH_ID', 'process')}-{os.getpid()}-{id(self):x}"
        served = servers_of(document) if base_urls is None else base_urls
        super().__init__(
            self._remote, self, [self.url, *served], batch_id=self._first, document=path
        )
        try:
            self._remote.fork(self._first, seed=seed)
        except BaseException:
            self._release()
            raise

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self.stop()

    def stop(self) -> None:
        """End the server if it was started for this object alone; leave no batch in any other."""
        self._note_calls(self._first)
        self._remote.delete(self._first)
        self._release()

    def _release(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.release()

    def handler(self, operation_id: str) -> Callable[..., Any]:
        """Raise ConfigurationError: a function of this process can't answer in another."""
        raise ConfigurationError(
            "A mock server can't be given a handler from another process. Pass "
            "handlers='your.module', whose function register(mock) adds them, or use ContractMock."
        )

    # As an exchange.

    def send(self, request: MockRequest, timeout_s: float | None) -> MockResponse:
        """Send to the server in the present batch. Raises TimeoutError, ConnectionError."""
        return self._note(self._remote.send(self._in_batch(request), timeout_s))

    async def send_async(self, request: MockRequest, timeout_s: float | None) -> MockResponse:
        """Send to the server in the present batch. Raises TimeoutError, ConnectionError."""
        return self._note(await self._remote.send_async(self._in_batch(request), timeout_s))

    def _in_batch(self, request: MockRequest) -> MockRequest:
        return in_batch(request, self.batch_id.encode())

    def _note(self, response: MockResponse) -> MockResponse:
        if self._document is not None:
            operation = dict(response.headers).get(_OPERATION_HEADER)
            label = operation.decode() if operation else upstream_calls.UNKNOWN
            upstream_calls.report(self._document, label)
        return response

    def _note_calls(self, batch_id: str) -> None:
        # Other processes may have called as well: a browser, a queue's worker.
        if self._document is None:
            return
        labels = _labels(self._specification)
        for operation_id in self._remote.batch(batch_id).operations:
            label = labels.get(operation_id, upstream_calls.UNKNOWN)
            upstream_calls.report(self._document, label, from_caller=False)


def _labels(document: Mapping[str, Any]) -> Mapping[str, str]:
    document = document_of(document, "The document")
    return {op.operation_id: f"{op.method} {op.path}" for op in operations_of(dict(document))}


def _process(path: str, handlers: str | None, share_in: tuple[Path, str] | None) -> ServerProcess:
    arguments = ["--handlers", handlers] if handlers else []
    # What the server runs is no part of the test, which depends on the operations that it calls.
    with upstream_calls.told_otherwise():
        if share_in is None:
            return start(path, arguments)
        directory, group = share_in
        return share(path, arguments, directory=directory, group=group)


def _url_of(process: ServerProcess | None) -> str:
    assert process is not None
    return process.url
