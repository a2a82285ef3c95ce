"""The mock itself: requests in, responses out, whatever the door.

A core knows neither sockets nor Django. It is safe to be called from several threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from cdds_django.mock.limits import DEFAULT_LIMITS, Limits
from cdds_django.mock.messages import MockRequest, MockResponse
from cdds_django.mock.records import BatchDetails, Call, Observer

DEFAULT_SNAPSHOT = "default"


class MockCore(Protocol):
    """One contract, compiled, and the batches that use it."""

    title: str
    """`info.title` of the document."""
    operation_ids: tuple[str, ...]
    """In the order of paths, then methods."""
    labels: Mapping[str, str]
    """Method and path of each operation ("GET /venues/{id}/"), by operationId."""
    limits: Limits

    @classmethod
    def compile(cls, document: Mapping[str, Any], *, limits: Limits = DEFAULT_LIMITS) -> MockCore:
        """Return the mock of an OpenAPI 3.0 or 3.1 document or of a contract snapshot.

        Raises ContractError, naming the place, when the document can't be used, and
        ConfigurationError when the extra `mock` isn't installed.
        """
        ...

    def handle(self, request: MockRequest) -> MockResponse:
        """Answer a request to the contract, or to `/admin/…`. Raises nothing a client can cause."""
        ...

    def fork(
        self,
        batch_id: str,
        source: str | None = None,
        *,
        seed: Mapping[str, Any] | None = None,
    ) -> None:
        """Make a batch from the batch `source`, from `seed`, or an empty one.

        `seed` has rows by the path of their collection: `{"/api/venues/": [{…}]}`.
        Raises BatchExistsError, UnknownBatchError, LimitError, SeedError.
        """
        ...

    def reset(self, batch_id: str) -> None:
        """Take a batch back to what it was when it was forked; its calls are forgotten."""
        ...

    def snapshot(self, batch_id: str, name: str = DEFAULT_SNAPSHOT) -> None:
        """Keep the present state of a batch under `name`, in place of an earlier one."""
        ...

    def restore(self, batch_id: str, name: str = DEFAULT_SNAPSHOT) -> None:
        """Take a batch back to a snapshot of it. Calls are kept. Raises UnknownBatchError."""
        ...

    def delete(self, batch_id: str) -> None:
        """Forget a batch. Batches that were forked from it stay. Raises UnknownBatchError."""
        ...

    def batches(self) -> tuple[str, ...]:
        """Return the ids of all batches in the order of their making."""
        ...

    def batch(self, batch_id: str) -> BatchDetails:
        """Return what a batch is like now. Raises UnknownBatchError."""
        ...

    def calls(self, batch_id: str) -> tuple[Call, ...]:
        """Return the last calls of a batch, oldest first. Raises UnknownBatchError."""
        ...

    def rows(self, batch_id: str) -> Mapping[str, list[Any]]:
        """Return a batch's rows by the path of their collection: a seed. UnknownBatchError."""
        ...

    def observe(self, observer: Observer) -> None:
        """Call `observer` after each contract request."""
        ...

    def handler(self, operation_id: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Return a decorator that makes a function answer for an operation.

        The function gets a `Scene` (see `handlers.py`) and returns a MockResponse, a JSON value
        for the declared success, or a pair of status and value. Raises HandlerError for an
        unknown operation.
        """
        ...
