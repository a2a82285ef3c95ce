"""What a mock in this process and one in another have in common: a present batch, and URLs."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Protocol, Self

from cdds_django import upstream_calls
from cdds_django.mock.clients.exchange import Exchange
from cdds_django.mock.clients.interception import intercept
from cdds_django.mock.clients.served_urls import ServedUrls
from cdds_django.mock.faults import Fault, fault_from
from cdds_django.mock.records import BatchDetails, Call

if TYPE_CHECKING:
    from cdds_django.mock.clients.httpx_transport import AsyncMockTransport, MockTransport
    from cdds_django.mock.clients.requests_adapter import MockAdapter

_numbers = itertools.count(1)


class Control(Protocol):
    """What can be done to batches; see `MockCore`."""

    def fork(
        self, batch_id: str, source: str | None = None, *, seed: Mapping[str, Any] | None = None
    ) -> None: ...

    def reset(self, batch_id: str) -> None: ...

    def snapshot(self, batch_id: str, name: str = ...) -> None: ...

    def restore(self, batch_id: str, name: str = ...) -> None: ...

    def delete(self, batch_id: str) -> None: ...

    def batch(self, batch_id: str) -> BatchDetails: ...

    def calls(self, batch_id: str) -> tuple[Call, ...]: ...

    def rows(self, batch_id: str) -> Mapping[str, list[Any]]: ...

    def inject(self, batch_id: str, fault: Fault) -> None: ...

    def clear_faults(self, batch_id: str) -> None: ...


class BatchedMock:
    """A mock that answers for some URLs, in one batch at a time.

    As a context manager it answers for them whoever calls, through `requests` or `httpx`.
    """

    def __init__(
        self,
        control: Control,
        exchange: Exchange,
        base_urls: Iterable[str],
        *,
        batch_id: str,
        document: str | None,
    ) -> None:
        self._control = control
        self._exchange = exchange
        self._document = document
        self._urls = ServedUrls(base_urls)
        self._contexts = ExitStack()
        self.batch_id = batch_id
        """The batch that calls are made in."""

    @property
    def base_urls(self) -> tuple[str, ...]:
        """The URLs that it answers for, with all below them."""
        return self._urls.base_urls

    def __enter__(self) -> Self:
        self._contexts.enter_context(self.answering())
        return self

    def __exit__(self, *exception: object) -> None:
        self._contexts.close()

    @contextmanager
    def answering(self) -> Iterator[Self]:
        """Answer for the base URLs, whoever calls."""
        self._note_use()
        undo = intercept(self._exchange, self._urls)
        try:
            yield self
        finally:
            undo()

    def adapter(self) -> MockAdapter:
        """Return an adapter for a `requests.Session`."""
        from cdds_django.mock.clients.requests_adapter import MockAdapter

        return MockAdapter(self._exchange, self._urls)

    def transport(self) -> MockTransport:
        """Return a transport for an `httpx.Client`."""
        from cdds_django.mock.clients.httpx_transport import MockTransport

        return MockTransport(self._exchange, self._urls)

    def async_transport(self) -> AsyncMockTransport:
        """Return a transport for an `httpx.AsyncClient`."""
        from cdds_django.mock.clients.httpx_transport import AsyncMockTransport

        return AsyncMockTransport(self._exchange, self._urls)

    @contextmanager
    def forked(
        self, batch_id: str | None = None, *, seed: Mapping[str, Any] | None = None
    ) -> Iterator[Self]:
        """Go on in a private copy of the present batch, which ends with the context.

        With a `seed` (rows by the path of their collection), the batch begins with that instead.
        Raises MockError.
        """
        before = self.batch_id
        forked = batch_id or f"{os.environ.get('TEST_BATCH_ID') or os.getpid()}-{next(_numbers)}"
        self._control.fork(forked, None if seed is not None else before, seed=seed)
        self.batch_id = forked
        self._note_use()
        try:
            yield self
        finally:
            self.batch_id = before
            self._note_calls(forked)
            self._control.delete(forked)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of the present batch, oldest first."""
        return self._control.calls(self.batch_id)

    @property
    def rows(self) -> Mapping[str, list[Any]]:
        """What the present batch holds, by the path of its collection."""
        return self._control.rows(self.batch_id)

    def reset(self) -> None:
        """Take the present batch back to how it began."""
        self._control.reset(self.batch_id)

    def snapshot(self, name: str = "default") -> None:
        """Keep the state of the present batch under a name."""
        self._control.snapshot(self.batch_id, name)

    def restore(self, name: str = "default") -> None:
        """Take the present batch back to a snapshot of it."""
        self._control.restore(self.batch_id, name)

    def fail(
        self,
        operation_id: str | None = None,
        *,
        status: int | None = None,
        delay_s: float = 0.0,
        drop: bool = False,
        times: int | None = None,
    ) -> None:
        """Have calls of an operation (or of any) go wrong in the present batch.

        They are answered with `status` and its example, after `delay_s` seconds, or not at all and
        the connection dropped; for the next `times` calls, or for all. Raises MockError.
        """
        fields = {"operation": operation_id, "status": status, "delay": delay_s, "drop": drop}
        self._control.inject(self.batch_id, fault_from({**fields, "times": times}))

    def heal(self) -> None:
        """Have nothing go wrong any more in the present batch."""
        self._control.clear_faults(self.batch_id)

    def _note_use(self) -> None:
        if self._document is not None:
            upstream_calls.report(self._document, upstream_calls.IN_USE)

    def _note_calls(self, batch_id: str) -> None:
        """Say who called what in a batch that ends, where that wasn't said call by call."""
