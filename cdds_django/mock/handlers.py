"""Scenarios in Python: a function that answers for one operation."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from cdds_django.mock.answers.context import Context
from cdds_django.mock.errors import HandlerError
from cdds_django.mock.messages import MockResponse
from cdds_django.mock.resources.collection import Collection
from cdds_django.mock.resources.discovery import Discovery
from cdds_django.mock.schemas.violations import violations_of
from cdds_django.mock.values.json_text import bytes_of

Handler = Callable[["Scene"], Any]
"""Returns a MockResponse, which is sent as it is; a JSON value for the declared success; or a pair
of status and JSON value. Values must keep the contract."""


class Resource(dict[str, Any]):
    """A copy of a resource with all that is known of it: also what clients wrote and never see.

    As an answer it shows what the contract has of it.
    """


class Scene:
    """What a handler sees of a request, and the state it may read and write."""

    def __init__(
        self,
        context: Context,
        discovery: Discovery,
        default: Callable[[Context], MockResponse],
        lock: AbstractContextManager[Any],
    ) -> None:
        self._context = context
        self._discovery = discovery
        self._default = default
        self._lock = lock

    @property
    def batch_id(self) -> str:
        """The batch that the request belongs to."""
        return self._context.batch.batch_id

    @property
    def operation_id(self) -> str:
        """The operation that was called."""
        return self._context.operation.id

    @property
    def path(self) -> Mapping[str, str]:
        """The path parameters as texts."""
        return dict(zip(self._context.operation.path_names, self._context.path, strict=False))

    @property
    def query(self) -> Mapping[str, Any]:
        """The query parameters that the contract has and the client gave, as values."""
        return self._context.query

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, names in small letters."""
        return {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in self._context.headers.items()
        }

    @property
    def body(self) -> Any:
        """The body as JSON values, None when there is none."""
        return self._context.body

    @property
    def now(self) -> str:
        """The batch's own time, RFC 3339."""
        return self._context.batch.instant

    def default(self) -> MockResponse:
        """Return the answer that the mock gives without a handler, with all that this changes."""
        with self._lock:
            return self._default(self._context)

    def rows(self, path: str, *parents: object) -> list[Resource]:
        """Return the resources of the collection at `path`, such as `/orders`.

        `parents` are the values of its path parameters. Raises HandlerError when there is none.
        """
        with self._lock:
            collection = self._collection(path)
            table = self._context.batch.table(collection.key(_texts(parents)))
            return [Resource(copy.deepcopy(dict(row.value))) for row in table.rows.values()]

    def get(self, path: str, row_id: object, *parents: object) -> Resource | None:
        """Return one resource, None when there is none with this id. Raises HandlerError."""
        with self._lock:
            row = self._collection(path).find(self._context.batch, _texts(parents), str(row_id))
            return None if row is None else Resource(copy.deepcopy(dict(row.value)))

    def put(self, path: str, row_id: object, *parents: object, **fields: Any) -> Resource:
        """Write fields of a resource, read-only ones too; it is made if it isn't there.

        Returns the whole resource. Raises HandlerError.
        """
        with self._lock:
            collection, batch = self._collection(path), self._context.batch
            row = collection.put(batch, _texts(parents), str(row_id), fields)
            return Resource(copy.deepcopy(dict(row.value)))

    def remove(self, path: str, row_id: object, *parents: object) -> None:
        """Delete a resource and all below it. Raises HandlerError."""
        with self._lock:
            self._collection(path).remove(self._context.batch, _texts(parents), str(row_id))

    def _collection(self, path: str) -> Collection:
        collection = self._discovery.at(path)
        if collection is None:
            raise HandlerError(f"{path!r} is no collection of this contract")
        return collection


def response_from(result: Any, context: Context) -> MockResponse:
    """Return the response that a handler's `result` stands for. Raises HandlerError."""
    if isinstance(result, MockResponse):
        return result
    operation = context.operation
    status, value = operation.responses.success_status, result
    if isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], int):
        status, value = result
    declared = operation.responses.declared(status)
    if value is None and (declared is None or not declared.media):
        return MockResponse(status, (), b"")
    name = b"application/json"
    if declared is not None and declared.json is not None:
        name = declared.json.name.encode()
        if isinstance(value, Resource):
            whole = operation.toolkit.received_merger.merged(declared.json.schema)
            shown = {n for n, inner in whole.get("properties", {}).items() if inner is not False}
            value = {k: v for k, v in value.items() if k in shown} if shown else value
        validator = operation.toolkit.received.of(declared.json.schema)
        wrong = violations_of(validator, value, "body")
        if wrong:
            sentences = " ".join(violation.message for violation in wrong[:5])
            raise HandlerError(
                f"the handler of {operation.id!r} answers {status} with a body against the "
                f"contract: {sentences}"
            )
    try:
        return MockResponse(status, ((b"content-type", name),), bytes_of(value))
    except TypeError as error:
        raise HandlerError(
            f"the handler of {operation.id!r} returned what is not JSON: {error}"
        ) from None


def _texts(parents: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(str(parent) for parent in parents)
