"""Digests: cycles end, and mean the same under any names."""

from __future__ import annotations

import pytest

from cdds_django.contract.hashing import DIGEST_LENGTH, names_in, with_names


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def test_length(request_hash):
    assert len(request_hash({"type": "string"})) == DIGEST_LENGTH


def tree(name, kind="string"):
    return {
        name: {
            "properties": {
                "label": {"type": kind},
                "children": {"type": "array", "items": ref(name)},
            }
        }
    }


def test_a_schema_that_contains_itself(request_hash):
    assert request_hash(ref("Tree"), tree("Tree")) == request_hash(ref("Node"), tree("Node"))
    assert request_hash(ref("Tree"), tree("Tree")) != request_hash(
        ref("Tree"), tree("Tree", "integer")
    )


def test_a_copy_of_a_member_written_in_place(request_hash):
    schemas = tree("Tree")
    assert request_hash(schemas["Tree"], schemas) == request_hash(ref("Tree"), schemas)


def circle(first, second, third, kind="string"):
    return {
        first: {"properties": {"next": ref(second), "a": {"type": "string"}}},
        second: {"properties": {"next": ref(third), "b": {"type": "string"}}},
        third: {"properties": {"next": ref(first), "c": {"type": kind}}},
    }


def test_a_circle_of_several(request_hash):
    assert request_hash(ref("A"), circle("A", "B", "C")) == request_hash(
        ref("Z"), circle("Z", "A", "M")
    )
    # Members of one circle are still told apart, and so is an edit two steps away.
    assert request_hash(ref("A"), circle("A", "B", "C")) != request_hash(
        ref("B"), circle("A", "B", "C")
    )
    assert request_hash(ref("A"), circle("A", "B", "C")) != request_hash(
        ref("A"), circle("A", "B", "C", "integer")
    )


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"type": "array", "items": ref("A")}},
        {"A": {"additionalProperties": ref("B")}, "B": {"type": "array", "items": ref("A")}},
        {"A": {"oneOf": [{"type": "string"}, {"type": "array", "items": ref("A")}]}},
        {"A": {"anyOf": [ref("A"), {"type": "null"}], "properties": {"a": ref("A")}}},
    ],
)
def test_odd_circles_end(schemas, request_hash):
    assert request_hash(ref("A"), schemas)


def test_references_in_text():
    text = '{"a":{"$ref":"One"},"b":{"$ref":"T\\"o"}}'
    assert names_in(text) == {"One", 'T"o'}
    assert with_names(text, {"One": "1"}).startswith('{"a":{"$ref":"1"}')
