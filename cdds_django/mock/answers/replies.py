"""Responses of one operation, as its contract wants them: examples, problems, headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cdds_django.mock.compile.operations import CompiledOperation
from cdds_django.mock.compile.responses import Media, Response
from cdds_django.mock.messages import Headers, MockResponse
from cdds_django.mock.schemas.violations import Violation
from cdds_django.mock.values.json_text import bytes_of, written

JSON = b"application/json"
_SAID_IN = ("detail", "message", "error", "title", "error_description", "description")
_CODED_IN = ("code", "error_code", "errorCode", "type", "reason")
_CODES = {
    400: "bad_request",
    404: "not_found",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many",
}
"""What texts that name a failure say, in place of an example that names another one."""
_NO_BODY = frozenset({204, 205, 304})


class Replies:
    """Writes the responses of one operation."""

    __slots__ = ("_examples", "_headers", "_heads", "_operation")

    def __init__(self, operation: CompiledOperation) -> None:
        self._operation = operation
        self._examples: dict[tuple[int, str], tuple[bytes, bytes]] = {}
        self._headers: dict[int, Headers] = {}
        self._heads: dict[int, Headers] = {}

    @property
    def success(self) -> int:
        """The status of success."""
        return self._operation.responses.success_status

    def declares(self, status: int) -> bool:
        """Whether the contract has this very status."""
        declared = self._operation.responses.declared(status)
        return declared is not None and declared.status == str(status)

    def json(self, status: int, body: bytes, more: Headers = ()) -> MockResponse:
        """Return a response with this JSON, under the media type that the contract gives it."""
        if status in _NO_BODY:
            return self.empty(status, more)
        head = self._heads.get(status)
        if head is None:
            declared = self._operation.responses.declared(status)
            name = JSON
            if declared is not None and declared.json is not None:
                name = declared.json.name.encode()
            head = self._heads[status] = ((b"content-type", name), *self._fixed(status))
        return MockResponse(status, (*head, *more) if more else head, body)

    def empty(self, status: int, more: Headers = ()) -> MockResponse:
        """Return a response without a body."""
        return MockResponse(status, (*self._fixed(status), *more), b"")

    def example(self, status: int, accept: str = "", more: Headers = ()) -> MockResponse:
        """Return the example for a status: as declared, else made from the schema."""
        declared = self._operation.responses.declared(status)
        if declared is None or not declared.media or status in _NO_BODY:
            return self.empty(status, more)
        media = _wanted(declared, accept)
        known = self._examples.get((status, media.name))
        if known is None:
            known = media.name.encode(), self._example_of(media, status)
            self._examples[status, media.name] = known
        name, body = known
        return MockResponse(status, ((b"content-type", name), *self._fixed(status), *more), body)

    def problem(
        self, status: int, message: str, violations: Sequence[Violation] = (), more: Headers = ()
    ) -> MockResponse:
        """Return a refusal. Where the contract has a schema for it, it says what fits into that."""
        said: dict[str, Any] = {"error": message}
        if violations:
            said["violations"] = [violation.as_json() for violation in violations]
        declared = self._operation.responses.declared(status)
        if declared is None or declared.json is None:
            body = bytes_of(said)
            return MockResponse(
                status, ((b"content-type", JSON), *self._fixed(status), *more), body
            )
        return self.json(status, bytes_of(self._fitting(declared.json, status, said)), more)

    def _fitting(self, media: Media, status: int, said: dict[str, Any]) -> Any:
        validator = self._operation.toolkit.received.of(media.schema)
        if validator.is_valid(said) and "object" in self._types(media):
            whole = self._operation.toolkit.received_merger.merged(media.schema)
            if not whole.get("properties"):
                return said
        example = self._value_of(media, status)
        if not isinstance(example, dict):
            return example
        for name in _SAID_IN:
            for text in (said["error"], [said["error"]]):
                if name in example and validator.is_valid({**example, name: text}):
                    example = {**example, name: text}
                    break
        for name in _CODED_IN:
            coded = {**example, name: _CODES.get(status, "error")}
            if isinstance(example.get(name), str) and validator.is_valid(coded):
                example = coded
        for name, value in said.items():
            if name not in example and validator.is_valid({**example, name: value}):
                example = {**example, name: value}
        return example

    def _types(self, media: Media) -> frozenset[str]:
        return self._operation.toolkit.received_merger.types(media.schema) or frozenset({"object"})

    def _example_of(self, media: Media, status: int) -> bytes:
        value = self._value_of(media, status)
        if media.is_json:
            return bytes_of(value)
        if isinstance(value, str):
            return value.encode("utf-8", "surrogatepass")
        return b"" if value is None else bytes_of(value)

    def _value_of(self, media: Media, status: int) -> Any:
        tools = self._operation.toolkit
        validator = tools.received.of(media.schema)
        for value in media.examples:
            if validator.is_valid(value):
                return value
        return tools.examples.example(media.schema, f"{self._operation.id}:{status}")[0]

    def _fixed(self, status: int) -> Headers:
        """Return the headers that must be there by the contract."""
        known = self._headers.get(status)
        if known is None:
            known = self._headers[status] = self._made_headers(status)
        return known

    def _made_headers(self, status: int) -> Headers:
        declared = self._operation.responses.declared(status)
        if declared is None:
            return ()
        tools = self._operation.toolkit
        found = []
        for name, (schema, is_required, example) in declared.headers.items():
            if not is_required or name.lower() in ("content-type", "location"):
                continue
            value = example
            if value is None:
                value, _ = tools.examples.example(schema, f"{self._operation.id}:{name}", name)
            found.append((name.lower().encode(), _header_text(value)))
        return tuple(found)


def _header_text(value: Any) -> bytes:
    if isinstance(value, list):
        text = ",".join(str(item) for item in value)
    else:
        text = value if isinstance(value, str) else written(value)
    return text.replace("\n", " ").replace("\r", " ").encode("latin-1", "replace")


def _wanted(declared: Response, accept: str) -> Media:
    """Return the form that a client prefers; JSON where it has no preference."""
    for part in accept.split(","):
        name = part.partition(";")[0].strip().lower()
        for media in declared.media:
            if media.name.partition(";")[0].lower() == name:
                return media
    return declared.json or declared.media[0]
