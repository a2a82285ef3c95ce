"""From a request to its response: batch, route, faults, checks, state, and what is written down."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from cdds_django.contract.references import UnusableDocumentError, explained
from cdds_django.mock.answers.collection import Collection
from cdds_django.mock.answers.context import Context
from cdds_django.mock.answers.discovery import Discovery
from cdds_django.mock.answers.replies import JSON, Replies
from cdds_django.mock.answers.roles import Answer
from cdds_django.mock.answers.shapes import bytes_of
from cdds_django.mock.batches import Batches
from cdds_django.mock.compile.operations import CompiledOperation, Toolkit
from cdds_django.mock.compile.parameters import Texts, texts_of_cookies, texts_of_query
from cdds_django.mock.compile.routes import Accepts, Routes
from cdds_django.mock.errors import LimitError, MockError
from cdds_django.mock.faults import HEADER as FAULT_HEADER
from cdds_django.mock.faults import Fault, fault_in_header
from cdds_django.mock.handlers import Handler, Scene, response_from
from cdds_django.mock.limits import Limits
from cdds_django.mock.messages import Headers, MockRequest, MockResponse
from cdds_django.mock.records import Observer
from cdds_django.mock.state.batch import Batch
from cdds_django.mock.violations import Violation

BATCH_HEADER = b"x-test-batch-id"

_NO_TEXTS: Texts = {}
_INTEGER = frozenset({"integer"})


class Endpoint:
    """One operation with all that answers for it, made when it is first called."""

    __slots__ = ("answer", "handlers", "operation", "parents", "replies")

    def __init__(self, operation: CompiledOperation) -> None:
        self.operation = operation
        self.replies = Replies(operation)
        self.answer: Answer | None = None
        self.parents: list[tuple[Collection, int]] = []
        self.handlers: Mapping[str | None, Handler] = {}
        """By batch, None for all."""


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
        self._routes: Routes[Endpoint] = Routes()
        self._endpoints: dict[str, Endpoint] = {}
        for operation in operations:
            route = self._routes.add(operation.path, _acceptance(operation))
            endpoint = self._endpoints[operation.id] = Endpoint(operation)
            route.operations[operation.method] = endpoint
        self._prefixes = _prefixes(tools.document)

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
        endpoint, values, allowed = self._find(request)
        violations: list[Violation] = []
        if endpoint is None:
            operation_id = ""
            response = (
                _plain(405, "method not allowed", ((b"allow", ", ".join(allowed).encode()),))
                if allowed
                else _plain(404, "not found")
            )
        else:
            operation_id = endpoint.operation.id
            try:
                response = self._respond(request, headers, batch, endpoint, values, violations)
            except LimitError as error:
                response = endpoint.replies.problem(error.status, str(error))
            except MockError as error:
                response = _plain(error.status, str(error))
            except UnusableDocumentError as error:
                # The document is read as far as it is needed, and this is the first to need it.
                said = explained(error, self._tools.document, "The contract")
                response = _plain(500, str(said))
        line = request.method, request.path, request.query.decode("latin-1")
        with self._lock:
            batch.record(
                operation_id, line, response.status, len(violations), self._limits.calls_per_batch
            )
        for observer in self.observers:
            observer(operation_id, response.status, perf_counter() - started, len(violations))
        return response

    def _find(
        self, request: MockRequest
    ) -> tuple[Endpoint | None, tuple[str, ...], tuple[str, ...]]:
        """Return the operation, its path parameters, and the methods that are allowed instead."""
        found = self._routes.find(request.path)
        if found is None:
            for prefix in self._prefixes:
                if request.path.startswith(prefix + "/"):
                    found = self._routes.find(request.path.removeprefix(prefix))
                    if found is not None:
                        break
        if found is None:
            return None, (), ()
        route, values = found
        endpoint = route.operations.get(request.method)
        return endpoint, values, () if endpoint else tuple(sorted(route.operations))

    def _respond(
        self,
        request: MockRequest,
        headers: Mapping[bytes, bytes],
        batch: Batch,
        endpoint: Endpoint,
        values: tuple[str, ...],
        violations: list[Violation],
    ) -> MockResponse:
        fault = self._fault(batch, endpoint, headers)
        if fault is not None and fault.drop:
            return MockResponse(503, (), b"", fault.delay, drop=True)
        if fault is not None and fault.status is not None:
            response = self._failed(endpoint, fault.status)
            return response._replace(delay=fault.delay)
        response = self._checked(request, headers, batch, endpoint, values, violations)
        return response._replace(delay=fault.delay) if fault is not None else response

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
        if endpoint.answer is None:
            with self._lock:
                self._compile(endpoint)
        query = _read_parameters(endpoint.operation, request, headers, values, violations)
        body, status = None, 422
        reader = endpoint.operation.body
        if reader is not None:
            content_type = headers.get(b"content-type", b"").decode("latin-1")
            read = reader.read(content_type, request.body)
            body = read.value
            if read.violations:
                violations += read.violations
                status = read.status
        if violations:
            return endpoint.replies.problem(status, _summary(violations), violations)
        context = Context(request, endpoint.operation, batch, values, query, headers, body)
        handler = endpoint.handlers.get(batch.batch_id) or endpoint.handlers.get(None)
        if handler is not None:
            default = self._default(endpoint)
            # A handler may call the application, which may call the mock: no lock is held.
            scene = Scene(context, self.discovery, default, self._lock)
            return response_from(handler(scene), context)
        with self._lock:
            return self._default(endpoint)(context)

    def _default(self, endpoint: Endpoint) -> Callable[[Context], MockResponse]:
        answer = endpoint.answer
        assert answer is not None

        def respond(context: Context) -> MockResponse:
            if context.operation.method not in ("GET", "HEAD", "DELETE"):
                self._batches.check_memory()
            for collection, depth in endpoint.parents:
                path = context.path
                if not collection.exists(context.batch, path[:depth], path[depth]):
                    return endpoint.replies.problem(404, "not found")
            return answer(context)

        return respond

    def _compile(self, endpoint: Endpoint) -> None:
        operation = endpoint.operation
        _ = operation.parameters, operation.body, operation.responses
        endpoint.parents = self.discovery.parents(operation)
        endpoint.answer = self.discovery.answer(operation, endpoint.replies)

    def _fault(
        self, batch: Batch, endpoint: Endpoint, headers: Mapping[bytes, bytes]
    ) -> Fault | None:
        asked = headers.get(FAULT_HEADER)
        if asked is not None:
            return fault_in_header(asked.decode("latin-1"))
        if batch.faults is None:
            return None
        with self._lock:
            for index, fault in enumerate(batch.faults or ()):
                if fault.operation_id not in (None, endpoint.operation.id):
                    continue
                if fault.times is not None:
                    left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                    batch.faults = [*batch.faults[:index], *left, *batch.faults[index + 1 :]]
                return fault
        return None

    def _failed(self, endpoint: Endpoint, status: int) -> MockResponse:
        declared = endpoint.operation.responses.declared(status)
        if declared is not None and (declared.media or status < 400):
            return endpoint.replies.example(status)
        return _plain(status, "this status was asked for")


def _read_parameters(
    operation: CompiledOperation,
    request: MockRequest,
    headers: Mapping[bytes, bytes],
    values: tuple[str, ...],
    violations: list[Violation],
) -> dict[str, Any]:
    """Return the query parameters; add what is wrong with parameters of any place."""
    found: dict[str, Any] = {}
    for place, parameters in operation.parameters.items():
        texts: Texts
        if place == "query":
            texts = texts_of_query(request.query) if request.query else _NO_TEXTS
        elif place == "path":
            texts = {
                name: [value] for name, value in zip(operation.path_names, values, strict=False)
            }
        elif place == "header":
            texts = {
                parameter.key: [headers[parameter.key.encode()].decode("latin-1")]
                for parameter in parameters
                if parameter.key.encode() in headers
            }
        else:
            texts = texts_of_cookies(headers.get(b"cookie", b"").decode("latin-1"))
        for parameter in parameters:
            value = parameter.read(texts, violations)
            if place == "query" and value is not None:
                found[parameter.name] = value
    return found


def _summary(violations: list[Violation]) -> str:
    if len(violations) == 1:
        return violations[0].message
    return f"{len(violations)} violations of the contract"


def _plain(status: int, message: str, more: Headers = ()) -> MockResponse:
    """Return a refusal that belongs to no operation."""
    return MockResponse(status, ((b"content-type", JSON), *more), bytes_of({"error": message}))


def _acceptance(operation: CompiledOperation) -> Callable[[str], Accepts | None]:
    """Return how to tell by its text that a path parameter can't be meant: integers alone."""
    document = operation.toolkit.document
    typed: dict[str, Accepts | None] = {}

    def of(name: str) -> Accepts | None:
        if not typed:
            typed[""] = None
            for parameter in operation.raw_path_parameters(document):
                schema = parameter.get("schema")
                kind = schema.get("type") if isinstance(schema, dict) else None
                typed[str(parameter.get("name"))] = _is_integer if kind == "integer" else None
        return typed.get(name)

    return of


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _prefixes(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths of the servers, longest first: clients may call with or without them."""
    found = set()
    for server in document.get("servers") or ():
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            path = urlsplit(url).path.rstrip("/")
            if path and "{" not in path:
                found.add(path)
    return tuple(sorted(found, key=len, reverse=True))
