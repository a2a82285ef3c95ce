"""operations_of: which operations there are, and what each is called."""

from __future__ import annotations

import pytest

from cdds_django.contract.operations import derived_id, id_warnings, operations_of
from cdds_django.contract.references import UnusableDocumentError


def document(paths):
    return {"openapi": "3.0.3", "paths": paths, "security": [{"token": []}]}


def test_sorted_by_path_then_method():
    paths = {"/b": {"post": {}, "get": {}}, "/a": {"put": {}, "summary": "no operation"}}
    labels = [(item.path, item.method) for item in operations_of(document(paths))]
    assert labels == [("/a", "PUT"), ("/b", "GET"), ("/b", "POST")]


def test_path_item_gives_parameters_and_servers():
    item = {"parameters": [{"name": "a"}], "servers": [1], "get": {"parameters": [{"name": "b"}]}}
    [operation] = operations_of(document({"/a": item}))
    assert [parameter["name"] for parameter in operation.parameters] == ["a", "b"]
    assert operation.servers == [1]


def test_security_of_the_operation_replaces_that_of_the_document():
    first, second = operations_of(document({"/a": {"get": {}}, "/b": {"get": {"security": []}}}))
    assert first.security == [{"token": []}]
    assert second.security == []


def test_missing_id_is_derived_from_method_and_path():
    [operation] = operations_of(document({"/api/events/{id}/": {"get": {}}}))
    assert operation.operation_id == derived_id("GET", "/api/events/{id}/") == "get_api_events_id"


def test_shared_id_is_made_unique_whatever_the_order_and_warned_of():
    paths = {"/a": {"get": {"operationId": "x"}}, "/b": {"get": {"operationId": "x"}}}
    operations = operations_of(document(paths))
    assert [item.operation_id for item in operations] == ["x.get_a", "x.get_b"]
    [warning] = id_warnings(operations)
    assert "'x'" in warning
    assert "GET /a, GET /b" in warning


@pytest.mark.parametrize(
    "paths",
    [
        {"/a": {"get": []}},
        {"/a": 1},
        [],
        {"/a": {"get": {"operationId": 1}}},
        {"/a": {"$ref": "other.yaml"}},
    ],
)
def test_wrong_shapes_are_refused(paths):
    with pytest.raises(UnusableDocumentError):
        operations_of(document(paths))
