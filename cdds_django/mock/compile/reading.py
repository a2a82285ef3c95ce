"""A request read as its operation says: parameters, body, and all that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cdds_django.mock.compile.operations import CompiledOperation
from cdds_django.mock.compile.parameters import (
    Parameter,
    Texts,
    texts_of_cookies,
    texts_of_query,
)
from cdds_django.mock.messages import MockRequest
from cdds_django.mock.schemas.violations import Violation

_NO_TEXTS: Texts = {}


class Reading(NamedTuple):
    """What a request says."""

    query: Mapping[str, Any]
    """The query parameters that the contract knows and the client gave, as values."""
    body: Any
    """As JSON values, None when there is none."""
    violations: list[Violation]
    status: int
    """The status to refuse it with, if there are violations."""


def read(
    operation: CompiledOperation,
    request: MockRequest,
    headers: Mapping[bytes, bytes],
    values: tuple[str, ...],
) -> Reading:
    """Return what `request` says; `values` are those of its path parameters."""
    violations: list[Violation] = []
    query: dict[str, Any] = {}
    for place, parameters in operation.parameters.items():
        texts = _texts(place, parameters, operation, request, headers, values)
        for parameter in parameters:
            value = parameter.read(texts, violations)
            if place == "query" and value is not None:
                query[parameter.name] = value
    if operation.body is None:
        return Reading(query, None, violations, 422)
    content_type = headers.get(b"content-type", b"").decode("latin-1")
    body = operation.body.read(content_type, request.body)
    if not body.violations:
        return Reading(query, body.value, violations, 422)
    violations += body.violations
    return Reading(query, None, violations, body.status)


def _texts(
    place: str,
    parameters: list[Parameter],
    operation: CompiledOperation,
    request: MockRequest,
    headers: Mapping[bytes, bytes],
    values: tuple[str, ...],
) -> Texts:
    match place:
        case "query":
            return texts_of_query(request.query) if request.query else _NO_TEXTS
        case "path":
            pairs = zip(operation.path_names, values, strict=False)
            return {name: [value] for name, value in pairs}
        case "cookie":
            return texts_of_cookies(headers.get(b"cookie", b"").decode("latin-1"))
    return {
        parameter.key: [headers[parameter.key.encode()].decode("latin-1")]
        for parameter in parameters
        if parameter.key.encode() in headers
    }
