"""Documents small enough to see what a test is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdds_django.contract.diff import diff
from cdds_django.contract.snapshot import snapshot_of

Json = dict[str, Any]


def api(operation: Json, schemas: Json | None = None, version: str = "3.0.3") -> Json:
    """Return a document with one operation, `POST /orders/`."""
    return {
        "openapi": version,
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/orders/": {"post": {"operationId": "orders_create", **operation}}},
        "components": {"schemas": schemas or {}},
    }


def with_body(schema: Any) -> Json:
    """Return an operation whose request body has `schema`."""
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def with_response(schema: Any) -> Json:
    """Return an operation whose response has `schema`."""
    return {
        "responses": {
            "200": {"description": "", "content": {"application/json": {"schema": schema}}}
        }
    }


@pytest.fixture
def make_api() -> Callable[..., Json]:
    return api


@pytest.fixture
def request_hash() -> Callable[..., str]:
    """Hash a schema used as a request body."""

    def hashed(schema: Any, schemas: Json | None = None, version: str = "3.0.3") -> str:
        document = api(with_body(schema), schemas, version)
        return snapshot_of(document).operations[0].request_hash

    return hashed


@pytest.fixture
def documentation_hash() -> Callable[..., str]:
    """Hash the documentation of a schema used as a request body."""

    def hashed(schema: Any, schemas: Json | None = None) -> str:
        return snapshot_of(api(with_body(schema), schemas)).operations[0].documentation_hash

    return hashed


@pytest.fixture
def found_in_operations() -> Callable[[Json, Json], list[tuple[str, str]]]:
    """Compare two operations; return ids and levels, sorted."""

    def found(base: Json, head: Json) -> list[tuple[str, str]]:
        result = diff(snapshot_of(api(base)), snapshot_of(api(head)))
        return sorted((change.id, change.level) for change in result.changes)

    return found


@pytest.fixture
def found_in() -> Callable[..., list[tuple[str, str]]]:
    """Compare two operations that share components; return ids and levels, sorted."""

    def found(base: Json, head: Json, schemas: Json | None = None) -> list[tuple[str, str]]:
        result = diff(snapshot_of(api(base, schemas)), snapshot_of(api(head, schemas)))
        return sorted((change.id, change.level) for change in result.changes)

    return found


@pytest.fixture
def in_request(
    found_in_operations: Callable[[Json, Json], list[tuple[str, str]]],
) -> Callable[[Json, Json], list[tuple[str, str]]]:
    """Compare two schemas of a request body."""
    return lambda base, head: found_in_operations(with_body(base), with_body(head))


@pytest.fixture
def in_response(
    found_in_operations: Callable[[Json, Json], list[tuple[str, str]]],
) -> Callable[[Json, Json], list[tuple[str, str]]]:
    """Compare two schemas of a response."""
    return lambda base, head: found_in_operations(with_response(base), with_response(head))
