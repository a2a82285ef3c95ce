"""From a request to its response: batch, route, faults, checks, state, and what is written down."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from time import perf_counter
from typing import Any

from cdds_django.contract.references import UnusableDocumentError, explained
from cdds_django.mock.answers.context import Context
from cdds_django.mock.answers.endpoint import Endpoint
from cdds_django.mock.answers.replies import JSON
from cdds_django.mock.compile.operations import CompiledOperation, Toolkit
from cdds_django.mock.compile.reading import read
from cdds_django.mock.compile.router import Router
from cdds_django.mock.errors import LimitError, MockError
from cdds_django.mock.faults import HEADER as FAULT_HEADER
from cdds_django.mock.faults import Fault, fault_in_header
from cdds_django.mock.handlers import Scene, response_from
from cdds_django.mock.limits import Limits
from cdds_django.mock.messages import Headers, MockRequest, MockResponse
from cdds_django.mock.records import Observer
from cdds_django.mock.resources.discovery import Discovery
from cdds_django.mock.schemas.violations import Violation
from cdds_django.mock.state.batch import Batch
from cdds_django.mock.state.batches import Batches
from cdds_django.mock.values.json_text import bytes_of

BATCH_HEADER = b"x-test-batch-id"


class Answering:
    """Answers contract requests."""

    def __init__(
        self,
        operations: list[CompiledOperation],
        tools: Toolkit,
        batches: Batches,
        limits: Limits,
        lock: AbstractContextManager[Any],
    ) -> None:
        self.observers: tuple[Observer, ...] = ()
        self.discovery = Discovery(operations, tools, batches.meter)
        self._tools = tools
        self._batches = batches
        self._limits = limits
        self._lock = lock
        self._router: Router[Endpoint] = Router(tools.document)
        self._endpoints: dict[str, Endpoint] = {}
        for operation in operations:
            endpoint = self._endpoints[operation.id] = Endpoint(operation, batches)
            self._router.add(operation, endpoint)

    def endpoint(self, operation_id: str) -> Endpoint:
        """Return an operation. Raises KeyError."""
        return self._endpoints[operation_id]

    def nearest(self, operation_id: str) -> list[str]:
        """Return the ids of operations most like `operation_id`."""
        return difflib.get_close_matches(operation_id, list(self._endpoints), 3)

    def check(self) -> tuple[str, ...]:
        """Compile everything; return what had to be left out of account. Raises ContractError."""
        try:
            for endpoint in self._endpoints.values():
                self._compile(endpoint)
                endpoint.replies.example(endpoint.replies.success)
        except UnusableDocumentError as error:
            raise explained(error, self._tools.document, "The contract") from None
        schemas = (self._tools.sent.schemas, self._tools.received.schemas)
        return tuple(dict.fromkeys(text for one in schemas for text in one.warnings))

    def answer(self, request: MockRequest) -> MockResponse:
        """Answer one request and write it down."""
        started = perf_counter()
        headers = dict(request.headers)
        batch_id = headers.get(BATCH_HEADER)
        if not batch_id:
            return _plain(400, "missing X-Test-Batch-ID header")
        batch = self._batches.find(batch_id.decode("latin-1"))
        if batch is None:
            return _plain(404, "batch not found")
        endpoint, values, allowed = self._router.find(request.method, request.path)
        violations: list[Violation] = []
        operation_id = ""
        if endpoint is not None:
            operation_id = endpoint.operation.id
            response = self._respond(request, headers, batch, endpoint, values, violations)
        elif allowed:
            allow = (b"allow", ", ".join(allowed).encode())
            response = _plain(405, "method not allowed", (allow,))
        else:
            response = _plain(404, "not found")
        line = request.method, request.path, request.query.decode("latin-1")
        with self._lock:
            batch.record(
                operation_id, line, response.status, violations, self._limits.calls_per_batch
            )
        for observer in self.observers:
            observer(operation_id, response.status, perf_counter() - started, len(violations))
        return response

    def _respond(
        self,
        request: MockRequest,
        headers: Mapping[bytes, bytes],
        batch: Batch,
        endpoint: Endpoint,
        values: tuple[str, ...],
        violations: list[Violation],
    ) -> MockResponse:
        """Answer a request to an operation; add what is against the contract in it."""
        try:
            fault = self._fault(batch, endpoint, headers)
            if fault is None:
                return self._checked(request, headers, batch, endpoint, values, violations)
            if fault.drop:
                return MockResponse(503, (), b"", fault.delay, drop=True)
            if fault.status is not None:
                response = _failed(endpoint, fault.status)
            else:
                response = self._checked(request, headers, batch, endpoint, values, violations)
            return response._replace(delay=fault.delay)
        except LimitError as error:
            return endpoint.replies.problem(error.status, str(error))
        except MockError as error:
            return _plain(error.status, str(error))
        except UnusableDocumentError as error:
            # The document is read as far as it is needed, and this is the first to need it.
            return _plain(500, str(explained(error, self._tools.document, "The contract")))

    def _checked(
        self,
        request: MockRequest,
        headers: Mapping[bytes, bytes],
        batch: Batch,
        endpoint: Endpoint,
        values: tuple[str, ...],
        violations: list[Violation],
    ) -> MockResponse:
        if len(request.body) > self._limits.body_bytes:
            return endpoint.replies.problem(
                413, f"the body is longer than {self._limits.body_bytes} bytes"
            )
        if not endpoint.is_compiled:
            self._compile(endpoint)
        query, body, wrong, status = read(endpoint.operation, request, headers, values)
        if wrong:
            violations += wrong
            return endpoint.replies.problem(status, _summary(wrong), wrong)
        context = Context(request, endpoint.operation, batch, values, query, headers, body)
        handler = endpoint.handler(batch.batch_id)
        if handler is not None:
            # A handler may call the application, which may call the mock: no lock is held.
            scene = Scene(context, self.discovery, endpoint.answer, self._lock)
            return response_from(handler(scene), context)
        with self._lock:
            return endpoint.answer(context)

    def _compile(self, endpoint: Endpoint) -> None:
        with self._lock:
            endpoint.compile(self.discovery)

    def _fault(
        self, batch: Batch, endpoint: Endpoint, headers: Mapping[bytes, bytes]
    ) -> Fault | None:
        asked = headers.get(FAULT_HEADER)
        if asked is not None:
            return fault_in_header(asked.decode("latin-1"))
        if batch.faults is None:
            return None
        with self._lock:
            return batch.take_fault(endpoint.operation.id)


def _failed(endpoint: Endpoint, status: int) -> MockResponse:
    """Return the answer with a status that was asked for."""
    declared = endpoint.operation.responses.declared(status)
    if declared is not None and (declared.media or status < 400):
        return endpoint.replies.example(status)
    return _plain(status, "this status was asked for")


def _summary(violations: list[Violation]) -> str:
    if len(violations) == 1:
        return violations[0].message
    return f"{len(violations)} violations of the contract"


def _plain(status: int, message: str, more: Headers = ()) -> MockResponse:
    """Return a refusal that belongs to no operation."""
    return MockResponse(status, ((b"content-type", JSON), *more), bytes_of({"error": message}))
