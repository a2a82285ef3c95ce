"""The mock itself: requests in, responses out, whatever the door.

A core knows neither sockets nor Django. It is safe to be called from several threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from cdds_django.contract.operations import operations_of
from cdds_django.contract.references import UnusableDocumentError, explained, object_at
from cdds_django.mock import admin
from cdds_django.mock.answers.answering import Answering
from cdds_django.mock.answers.endpoint import Endpoint
from cdds_django.mock.compile.operations import CompiledOperation, Toolkit
from cdds_django.mock.compile.source import document_of
from cdds_django.mock.errors import UnknownOperationError
from cdds_django.mock.extra import jsonschema_rs
from cdds_django.mock.faults import Fault
from cdds_django.mock.handlers import Handler
from cdds_django.mock.limits import DEFAULT_LIMITS, Limits
from cdds_django.mock.messages import MockRequest, MockResponse
from cdds_django.mock.records import BatchDetails, Call, Observer
from cdds_django.mock.resources import seeds
from cdds_django.mock.state.batches import Batches

DEFAULT_SNAPSHOT = "default"


class MockCore:
    """One contract, compiled, and the batches that use it."""

    def __init__(
        self, operations: list[CompiledOperation], tools: Toolkit, title: str, limits: Limits
    ) -> None:
        self.title = title
        """`info.title` of the document."""
        self.limits = limits
        self.operation_ids = tuple(operation.id for operation in operations)
        """In the order of paths, then methods."""
        self.labels: Mapping[str, str] = {
            operation.id: f"{operation.method} {operation.path}" for operation in operations
        }
        """Method and path of each operation ("GET /venues/{id}/"), by operationId."""
        self._lock = threading.RLock()
        self._batches = Batches(limits)
        self._answering = Answering(operations, tools, self._batches, limits, self._lock)

    @classmethod
    def compile(
        cls,
        document: Mapping[str, Any],
        *,
        limits: Limits = DEFAULT_LIMITS,
        origin: str = "The contract",
    ) -> MockCore:
        """Return the mock of an OpenAPI 3.0 or 3.1 document or of a contract snapshot.

        `origin` (a file name) is named in errors. Raises ContractError, naming the place, when
        the document can't be used, and ConfigurationError when the extra `mock` isn't installed.
        """
        jsonschema_rs()
        whole = document_of(document, origin)
        try:
            tools = Toolkit(whole)
            operations = [CompiledOperation(one, tools) for one in operations_of(whole)]
            title = str(object_at(whole, "info").get("title", "API"))
            return cls(operations, tools, title, limits)
        except UnusableDocumentError as error:
            raise explained(error, whole, origin) from None

    def handle(self, request: MockRequest) -> MockResponse:
        """Answer a request to the contract, or to `/admin/…`. Raises nothing a client can cause."""
        if request.path.startswith("/admin/"):
            return admin.answer(self, request)
        return self._answering.answer(request)

    def fork(
        self,
        batch_id: str,
        source: str | None = None,
        *,
        seed: Mapping[str, Any] | None = None,
    ) -> None:
        """Make a batch from the batch `source`, from `seed`, or an empty one.

        `seed` has rows by the path of their collection: `{"/api/venues/": [{…}]}`; with both, it
        is added to the source. Raises BatchExistsError, UnknownBatchError, LimitError, SeedError.
        """
        with self._lock:
            batch = self._batches.fork(batch_id, source)
            if seed:
                try:
                    seeds.fill(batch, seed, self._answering.discovery)
                except BaseException:
                    self._batches.delete(batch_id)
                    raise

    def reset(self, batch_id: str) -> None:
        """Take a batch back to what it was when it was forked; its calls are forgotten.

        Raises UnknownBatchError.
        """
        with self._lock:
            self._batches.get(batch_id).reset()

    def snapshot(self, batch_id: str, name: str = DEFAULT_SNAPSHOT) -> None:
        """Keep the present state of a batch under `name`, in place of an earlier one.

        Raises UnknownBatchError.
        """
        with self._lock:
            self._batches.get(batch_id).snapshot(name)

    def restore(self, batch_id: str, name: str = DEFAULT_SNAPSHOT) -> None:
        """Take a batch back to a snapshot of it. Calls are kept. Raises UnknownBatchError."""
        with self._lock:
            self._batches.get(batch_id).restore(name)

    def delete(self, batch_id: str) -> None:
        """Forget a batch. Batches that were forked from it stay. Raises UnknownBatchError."""
        with self._lock:
            self._batches.delete(batch_id)

    def batches(self) -> tuple[str, ...]:
        """Return the ids of all batches in the order of their making."""
        with self._lock:
            return self._batches.ids()

    def batch(self, batch_id: str) -> BatchDetails:
        """Return what a batch is like now. Raises UnknownBatchError."""
        with self._lock:
            return self._batches.get(batch_id).details()

    def calls(self, batch_id: str) -> tuple[Call, ...]:
        """Return the last calls of a batch, oldest first. Raises UnknownBatchError."""
        with self._lock:
            return tuple(self._batches.get(batch_id).calls or ())

    def rows(self, batch_id: str) -> Mapping[str, list[Any]]:
        """Return a batch's rows by the path of their collection: a seed. UnknownBatchError."""
        with self._lock:
            return seeds.rows_of(self._batches.get(batch_id))

    def faults(self, batch_id: str) -> tuple[Fault, ...]:
        """Return what is asked to go wrong in a batch. Raises UnknownBatchError."""
        with self._lock:
            return tuple(self._batches.get(batch_id).faults or ())

    def inject(self, batch_id: str, fault: Fault) -> None:
        """Let something go wrong in a batch. Raises UnknownBatchError, UnknownOperationError."""
        with self._lock:
            batch = self._batches.get(batch_id)
            if fault.operation_id is not None:
                self._known(fault.operation_id)
            batch.faults = [*(batch.faults or ()), fault]

    def clear_faults(self, batch_id: str) -> None:
        """Let nothing go wrong any more in a batch. Raises UnknownBatchError."""
        with self._lock:
            self._batches.get(batch_id).faults = None

    def observe(self, observer: Observer) -> None:
        """Call `observer` after each contract request."""
        self._answering.observers = (*self._answering.observers, observer)

    def handler(
        self, operation_id: str, *, batch_id: str | None = None
    ) -> Callable[[Handler], Handler]:
        """Return a decorator that makes a function answer for an operation.

        The function gets a `handlers.Scene` and returns a MockResponse, a JSON value for the
        declared success, or a pair of status and value. With `batch_id` it is for that batch
        alone. Raises UnknownOperationError.
        """
        endpoint = self._known(operation_id)

        def register(function: Handler) -> Handler:
            endpoint.handlers = {**endpoint.handlers, batch_id: function}
            return function

        return register

    def remove_handler(self, operation_id: str, *, batch_id: str | None = None) -> None:
        """Let the mock itself answer for an operation again. Raises UnknownOperationError."""
        endpoint = self._known(operation_id)
        endpoint.handlers = {
            key: function for key, function in endpoint.handlers.items() if key != batch_id
        }

    def check(self) -> tuple[str, ...]:
        """Compile everything now, and return what had to be left out of account, as sentences.

        Raises ContractError at the first thing that can't be used. Takes some milliseconds for
        each operation.
        """
        return self._answering.check()

    def _known(self, operation_id: str) -> Endpoint:
        try:
            return self._answering.endpoint(operation_id)
        except KeyError:
            near = self._answering.nearest(operation_id)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            message = f"the contract has no operation {operation_id!r}{hint}"
            raise UnknownOperationError(message) from None
