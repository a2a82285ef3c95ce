"""The text of a snapshot is for reviews: short values on one line, sorted, the same every time."""

from __future__ import annotations

from cdds_django.contract.snapshot import snapshot_of
from cdds_django.contract.snapshot_text import parsed, rendered

BODY = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}


def document(properties):
    return {
        "openapi": "3.0.3",
        "paths": {"/a": {"post": {"requestBody": BODY}}},
        "components": {"schemas": {"Order": {"type": "object", "properties": properties}}},
    }


def test_one_property_one_line():
    long = {"type": "string", "enum": ["paid in full", "waiting for payment", "cancelled by us"]}
    text = rendered(snapshot_of(document({"status": long, "operationId": {"type": "string"}})))
    assert '    "operationId": {"type": "string"},\n' in text
    assert text.index('"operationId": {') < text.index('"status"')
    assert text.endswith("}\n")


def test_order_of_the_document_means_nothing():
    one = document({"a": {"type": "string"}, "b": {"anyOf": [{"type": "string"}, BODY]}})
    two = document({"b": {"anyOf": [BODY, {"type": "string"}]}, "a": {"type": "string"}})
    assert rendered(snapshot_of(one)) == rendered(snapshot_of(two))


def test_nothing_at_all():
    empty = snapshot_of({"openapi": "3.0.3", "paths": {}})
    assert parsed(rendered(empty).encode(), "x") == empty


def test_unknown_keys_are_ignored():
    text = rendered(snapshot_of(document({}))).replace('"schema": 1,', '"schema": 1, "more": 2,')
    assert parsed(text.encode(), "x") == snapshot_of(document({}))
