"""Snapshots: what they find, and how they are kept."""

from __future__ import annotations

import json

import pytest

from cdds_django.contract.snapshot import read_snapshot, snapshot_of, write_snapshot
from cdds_django.errors import ContractError, StateFileError

DOCUMENT = {
    "openapi": "3.0.3",
    "paths": {
        "/api/orders/": {
            "get": {"operationId": "orders_list"},
            "post": {
                "operationId": "orders_create",
                "deprecated": True,
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Order": {
                "type": "object",
                "properties": {
                    "note": {"type": "string"},
                    "lines": {"type": "array", "items": {"properties": {"n": {"enum": [2, 1]}}}},
                },
            },
            "Unused": {"type": "object", "properties": {"a": {}}},
        }
    },
}


def test_rows_and_shared_schemas():
    snapshot = snapshot_of(DOCUMENT)
    assert [row.label for row in snapshot.operations] == ["GET /api/orders/", "POST /api/orders/"]
    assert snapshot.by_id["orders_create"].lifecycle == {"deprecated": True}
    body = snapshot.by_id["orders_create"].request["body"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "Order"}
    # What is written in place stands in place again, and what nothing uses isn't kept.
    assert list(snapshot.schemas) == ["Order"]
    lines = snapshot.schemas["Order"].schema["properties"]["lines"]
    assert lines["items"] == {"properties": {"n": {"enum": [1, 2], "type": "integer"}}}


@pytest.mark.parametrize(
    "name", ["orders_create", "POST /api/orders/", "post /api/orders/", "POST  /api/orders/"]
)
def test_find(name):
    row = snapshot_of(DOCUMENT).find(name)
    assert row is not None
    assert row.operation_id == "orders_create"


def test_unknown_names_have_nearest_ones():
    snapshot = snapshot_of(DOCUMENT)
    assert snapshot.find("order_create") is None
    assert snapshot.nearest("Order_Create", 1) == ["orders_create"]
    assert snapshot.nearest("POST /api/order/", 1) == ["POST /api/orders/"]
    assert snapshot.nearest("zzzzzz") == []


def test_written_and_read_again(tmp_path):
    path = tmp_path / "deep" / "snapshot.json"
    snapshot = snapshot_of(DOCUMENT)
    write_snapshot(path, snapshot)
    assert read_snapshot(path) == snapshot
    rows = json.loads(path.read_text())["operations"]
    assert {"operationId", "method", "path", "requestHash", "responseHash"} <= rows[0].keys()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a contract snapshot"),
        ('{"schema": 99, "operations": []}', "Upgrade cdds-django"),
        ('{"schema": "x", "operations": []}', "contract_snapshot"),
        ('{"schema": 1, "operations": [{}], "schemas": {}}', "operationId"),
        ('{"schema": 1, "operations": [], "schemas": {"A": 1}}', "not a whole contract snapshot"),
        ("\xff\x00", "not valid JSON"),
    ],
)
def test_broken_files_are_named_and_left_alone(content, words, tmp_path):
    path = tmp_path / "snapshot.json"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(StateFileError, match=words) as caught:
        read_snapshot(path)
    assert str(path) in str(caught.value)
    assert path.read_text(encoding="latin-1") == content


def test_missing_file_says_how_to_write_one(tmp_path):
    with pytest.raises(StateFileError, match=r"manage\.py contract_snapshot"):
        read_snapshot(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"properties": []}, "#/components/schemas/Order"),
        ({"properties": {"a": {"$ref": "https://x/y"}}}, "#/components/schemas/Order/properties/a"),
        ({"properties": {"a": {"type": 3}}}, "#/components/schemas/Order/properties/a"),
        ({"allOf": {}}, "#/components/schemas/Order"),
        ({"$ref": "#/components/schemas/Order"}, "#/components/schemas/Order"),
    ],
)
def test_malformed_documents_are_named_by_pointer(schema, pointer):
    document = {**DOCUMENT, "components": {"schemas": {"Order": schema}}}
    with pytest.raises(ContractError) as caught:
        snapshot_of(document, "shop.yaml")
    assert f"shop.yaml, at {pointer}: " in str(caught.value)


def test_bottomless_nesting_is_refused():
    schema: dict[str, object] = {}
    for _ in range(5_000):
        schema = {"type": "array", "items": schema}
    document = {**DOCUMENT, "components": {"schemas": {"Order": schema}}}
    with pytest.raises(ContractError, match="too deeply"):
        snapshot_of(document)


@pytest.mark.parametrize(
    "operation",
    [
        {"parameters": [{"name": "a", "in": {}}]},
        {"parameters": [{"$ref": []}]},
        {"security": [{"token": 1}]},
        {"security": [1]},
        {"responses": {"200": {"content": {"a/b": {"schema": {"properties": {"a": 1}}}}}}},
        {
            "requestBody": {
                "content": {"a/b": {"schema": {"discriminator": {"mapping": {"a": {}}}}}}
            }
        },
        {"requestBody": {"$ref": "#/paths"}, "callbacks": []},
    ],
)
def test_odd_operations_are_refused_or_read(operation):
    """Each of these ended in a traceback once, found by changing documents at random."""
    document = {"openapi": "3.0.3", "paths": {"/a": {"post": operation}}}
    with pytest.raises(ContractError, match=r"The schema, at #"):
        snapshot_of(document)
