"""One request on its way: what it asks, of which operation, in which batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdds_django.mock.answers.selection import with_parameter
from cdds_django.mock.compile.operations import CompiledOperation
from cdds_django.mock.messages import MockRequest
from cdds_django.mock.resources.shapes import Shape
from cdds_django.mock.state.batch import Batch


class Context:
    """A request that was read and found to keep the contract."""

    __slots__ = ("batch", "body", "headers", "operation", "path", "query", "request")

    def __init__(
        self,
        request: MockRequest,
        operation: CompiledOperation,
        batch: Batch,
        path: tuple[str, ...],
        query: Mapping[str, Any],
        headers: Mapping[bytes, bytes],
        body: Any,
    ) -> None:
        self.request = request
        self.operation = operation
        self.batch = batch
        self.path = path
        """The path parameters as texts, decoded, in their order."""
        self.query = query
        """The query parameters that the contract knows, as values."""
        self.headers = headers
        self.body = body
        """As JSON values, None when there is none."""

    def given(self, shape: Shape) -> dict[str, Any]:
        """Return the fields of the body that clients may write in a resource of this `shape`.

        What the contract doesn't know is ignored, as APIs do; where it knows no fields by name,
        all count but those that are read-only in answers.
        """
        body, reader = self.body, self.operation.body
        if not isinstance(body, dict) or reader is None:
            return {}
        fields = reader.fields
        if fields.envelope in body and fields.envelope not in shape.fields:
            body, fields = body[fields.envelope], fields.inner or fields
            if not isinstance(body, dict):
                return {}
        if fields.writable is None:
            return {name: value for name, value in body.items() if name not in shape.read_only}
        return {name: value for name, value in body.items() if name in fields.writable}

    def url(self, name: str, value: Any) -> str:
        """Return the URL of this request with one query parameter set."""
        host = self.headers.get(b"host", b"testserver").decode("latin-1")
        scheme = self.headers.get(b"x-forwarded-proto", b"http").decode("latin-1")
        query = with_parameter(self.request.query.decode("latin-1"), name, value)
        return f"{scheme}://{host}{self.request.path}" + (f"?{query}" if query else "")
