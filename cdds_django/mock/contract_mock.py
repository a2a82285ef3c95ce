"""The mock in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from cdds_django import upstream_calls
from cdds_django.contract.documents import parse, read_file
from cdds_django.mock.clients.batched import BatchedMock
from cdds_django.mock.clients.exchange import LocalExchange, in_batch
from cdds_django.mock.clients.served_urls import servers_of
from cdds_django.mock.core import MockCore
from cdds_django.mock.handlers import Handler
from cdds_django.mock.limits import DEFAULT_LIMITS, Limits
from cdds_django.mock.messages import MockRequest, MockResponse

FIRST_BATCH = "default"


class ContractMock(BatchedMock):
    """A service made from its OpenAPI document, for tests that call it.

    with ContractMock("contracts/payments.yaml") as payments:
        requests.post("https://payments.example.com/charges", json={…})
        assert payments.calls[0].operation_id == "createCharge"
    """

    def __init__(
        self,
        spec: str | os.PathLike[str] | Mapping[str, Any],
        *,
        base_urls: Iterable[str] | None = None,
        seed: Mapping[str, Any] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """Make it from the path of an OpenAPI document or contract snapshot, or from a document.

        It answers for `base_urls`, by default the absolute URLs of the document's servers. `seed`
        has the rows to begin with, by the path of their collection. Raises ContractError,
        ConfigurationError, SeedError.
        """
        document, path = read_spec(spec)
        self.core = MockCore.compile(document, limits=limits, origin=path or "The document")
        self._handlers: dict[str, dict[str, Handler]] = {}
        """Those of each batch, by operationId."""
        self.core.fork(FIRST_BATCH, seed=seed)
        self.core.observe(self._observe)
        super().__init__(
            self.core,
            LocalExchange(self._answer),
            servers_of(document) if base_urls is None else base_urls,
            batch_id=FIRST_BATCH,
            document=path,
        )

    def handler(self, operation_id: str) -> Callable[[Handler], Handler]:
        """Return a decorator: the function answers for an operation, from now on in the present
        batch and in those forked from it.

        The function gets a `handlers.Scene`; see there for what it may return. Raises
        UnknownOperationError.
        """
        batch_id = self.batch_id
        register = self.core.handler(operation_id, batch_id=batch_id)

        def remember(function: Handler) -> Handler:
            self._handlers.setdefault(batch_id, {})[operation_id] = function
            return register(function)

        return remember

    @contextmanager
    def forked(
        self, batch_id: str | None = None, *, seed: Mapping[str, Any] | None = None
    ) -> Iterator[Self]:
        """Go on in a private copy of the present batch, as `BatchedMock.forked`.

        Handlers of the present batch answer there too.
        """
        handlers = self._handlers.get(self.batch_id, {})
        with super().forked(batch_id, seed=seed):
            for operation_id, function in handlers.items():
                self.handler(operation_id)(function)
            own = self.batch_id
            try:
                yield self
            finally:
                for operation_id in self._handlers.pop(own, {}):
                    self.core.remove_handler(operation_id, batch_id=own)

    def _answer(self, request: MockRequest) -> MockResponse:
        return self.core.handle(in_batch(request, self.batch_id.encode()))

    def _observe(self, operation_id: str, status: int, seconds: float, violations: int) -> None:
        if self._document is not None:
            label = self.core.labels.get(operation_id, upstream_calls.UNKNOWN)
            upstream_calls.report(self._document, label)


def read_spec(
    spec: str | os.PathLike[str] | Mapping[str, Any],
) -> tuple[Mapping[str, Any], str | None]:
    """Return a document and the absolute path of the file it is in, if it is in one.

    Raises ContractError.
    """
    if isinstance(spec, Mapping):
        return spec, None
    # Tests that use it depend on the operations that they call, not on the whole file.
    with upstream_calls.told_otherwise():
        path = os.path.abspath(spec)
        return parse(read_file(Path(path)), os.fspath(spec)), path
