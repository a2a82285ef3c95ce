"""OpenAPI's schemas in the terms of JSON Schema, from either side."""

from __future__ import annotations

import pytest

from cdds_django.mock.schemas.conversion import Schemas
from cdds_django.mock.schemas.validators import Validators

ORDER = {
    "type": "object",
    "required": ["id", "pin", "note"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "pin": {"type": "string", "writeOnly": True},
        "note": {"type": "string"},
    },
}


def validator(schema, direction="request", version="3.0.3", **components):
    document = {"openapi": version, "components": {"schemas": components}}
    schemas = Schemas(document, direction)
    return Validators(schemas).of(schemas.convert(schema))


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "nullable": True}, [None, "a"], [1]),
        ({"type": "string", "enum": ["a"], "nullable": True}, [None, "a"], ["b"]),
        ({"allOf": [ref("Name")], "nullable": True}, [None, "ab"], ["a", 1]),
        ({"oneOf": [ref("Name"), {"enum": [""]}], "nullable": True}, [None, "ab", ""], ["a"]),
        ({"minimum": 1, "exclusiveMinimum": True}, [1.5, 2], [1, 0]),
        ({"minimum": 1, "exclusiveMinimum": False}, [1], [0]),
        ({"maximum": 1, "exclusiveMaximum": True}, [0], [1]),
        ({"type": "integer", "format": "int32"}, [2**31 - 1, -(2**31)], [2**31]),
        ({"type": "integer", "format": "int64", "maximum": 5}, [5, -(2**63)], [6]),
        ({**ref("Name"), "maxLength": 2}, ["abc"], ["a"]),  # beside $ref, 3.0 ignores all else
        ({"type": "array", "items": ref("Name")}, [["ab"]], [["a"]]),
        ({"type": "object", "additionalProperties": ref("Name")}, [{"x": "ab"}], [{"x": "a"}]),
        ({"not": ref("Name")}, ["a"], ["ab"]),
        ({"type": "string", "format": "time"}, ["10:15", "10:15:00", "10:15:00Z"], ["10", "noon"]),
        ({"type": "string", "format": "duration"}, ["PT1H", "3 04:00:00", "00:10:00"], ["long"]),
        ({"type": "string", "format": "uuid"}, ["5f9c7b1e-7d38-4d3e-9f6d-0c1d1c6f0a55"], ["5f9c"]),
        ({"type": "string", "pattern": "^(?<y>\\d+)$"}, ["12"], ["x"]),
        ({"type": "string", "pattern": "(unclosed"}, ["anything"], [1]),
        ({"properties": {"type": {"type": "string"}}}, [{"type": "a"}], [{"type": 1}]),
    ],
)  # fmt: skip
def test_keywords_of_3_0(schema, good, bad):
    compiled = validator(schema, Name={"type": "string", "minLength": 2})
    assert [value for value in good if not compiled.is_valid(value)] == []
    assert [value for value in bad if compiled.is_valid(value)] == []


def test_keywords_of_3_1():
    compiled = validator({**ref("Name"), "maxLength": 2}, version="3.1.0", Name={"minLength": 2})
    assert [compiled.is_valid(text) for text in ("a", "ab", "abc")] == [False, True, False]
    compiled = validator({"type": ["integer", "null"], "exclusiveMinimum": 1}, version="3.1.1")
    assert [compiled.is_valid(value) for value in (None, 2, 1)] == [True, True, False]
    assert not validator(False, version="3.1.0").is_valid(1)


def test_what_clients_send_needs_nothing_read_only():
    for schema, components in ((ORDER, {}), (ref("Order"), {"Order": ORDER})):
        compiled = validator(schema, **components)
        assert compiled.is_valid({"pin": "1", "note": "x"})
        assert compiled.is_valid({"pin": "1", "note": "x", "id": "ignored"})
        assert not compiled.is_valid({"note": "x"})


def test_what_clients_receive_has_nothing_write_only():
    compiled = validator(ORDER, "response")
    assert compiled.is_valid({"id": 1, "note": "x"})
    assert not compiled.is_valid({"id": 1, "note": "x", "pin": "1"})
    assert not compiled.is_valid({"note": "x"})


def test_read_only_is_seen_through_references_and_branches():
    stamp = {"type": "string", "readOnly": True}
    base = {"type": "object", "properties": {"at": ref("Stamp")}}
    schema = {"allOf": [ref("Base"), {"required": ["at", "name"]}]}
    compiled = validator(schema, Stamp=stamp, Base=base)
    assert compiled.is_valid({"name": "x"})
    assert not compiled.is_valid({})
    assert not validator(schema, "response", Stamp=stamp, Base=base).is_valid({"name": "x"})


def test_schemas_that_refer_to_themselves():
    node = {
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"type": "integer"}, "next": ref("Node")},
    }
    compiled = validator(ref("Node"), Node=node)
    assert compiled.is_valid({"value": 1, "next": {"value": 2, "next": {"value": 3}}})
    assert not compiled.is_valid({"value": 1, "next": {"value": 2, "next": {}}})


def test_a_pattern_that_cant_be_read_is_told():
    schemas = Schemas({"openapi": "3.0.3"}, "request")
    schemas.convert({"pattern": "(unclosed"})
    assert schemas.warnings == ["The pattern '(unclosed' can't be read and isn't checked."]
