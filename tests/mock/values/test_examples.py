"""Made-up values fit their schemas."""

from __future__ import annotations

import pytest

from cdds_django.mock.schemas.conversion import Schemas
from cdds_django.mock.schemas.merging import Merger
from cdds_django.mock.schemas.validators import Validators
from cdds_django.mock.values.examples import Examples

NODE = {"$ref": "#/components/schemas/Node"}
DOCUMENT = {
    "openapi": "3.1.0",
    "components": {
        "schemas": {
            "Node": {
                "type": "object",
                "required": ["name", "children"],
                "properties": {
                    "name": {"type": "string"},
                    "parent": NODE,
                    "children": {"type": "array", "items": NODE},
                },
            },
            "Cat": {
                "type": "object",
                "required": ["kind", "lives"],
                "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}},
            },
            "Dog": {
                "type": "object",
                "required": ["kind", "barks"],
                "properties": {"kind": {"type": "string"}, "barks": {"type": "boolean"}},
            },
        }
    },
}


@pytest.fixture
def examples():
    validators = Validators(Schemas(DOCUMENT, "response"))
    return Examples(validators, Merger(validators.schemas))


FORMATS = (
    *("date-time", "date", "time", "duration", "uuid", "email", "uri", "uri-reference"),
    *("hostname", "ipv4", "ipv6", "byte", "json-pointer", "regex", "binary", "unheard-of"),
)
SCHEMAS = [
    True,
    {},
    {"type": "string"},
    {"type": "string", "minLength": 30, "maxLength": 31},
    {"type": "string", "maxLength": 2},
    {"type": "string", "maxLength": 0},
    *({"type": "string", "format": name} for name in FORMATS),
    {"type": "string", "format": "email", "maxLength": 30},
    {"type": "string", "pattern": "^[A-Z]{2}\\d{3,5}(-x|-y)?$"},
    {"type": "string", "pattern": "^-?\\d{0,8}(?:\\.\\d{0,2})?$", "format": "decimal"},
    {"type": "string", "pattern": "^[^\\W\\d_]+$"},
    {"type": "string", "pattern": "b.d", "minLength": 3},
    {"type": "string", "pattern": "^[a-z]+$", "minLength": 20, "maxLength": 20},
    {"type": "string", "pattern": "^\\u0041+$"},
    {"type": "string", "enum": ["", "b"]},
    {"type": "integer"},
    {"type": "integer", "minimum": 7, "maximum": 7},
    {"type": "integer", "exclusiveMinimum": 7, "exclusiveMaximum": 9},
    {"type": "integer", "maximum": -5},
    {"type": "integer", "multipleOf": 25, "minimum": 30},
    {"type": "integer", "minimum": 2**53 + 1, "maximum": 2**53 + 1},
    {"type": "number", "minimum": 0.5, "maximum": 0.75},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5},
    {"type": "number", "multipleOf": 0.5, "minimum": 3.2},
    {"type": "boolean"},
    {"type": "null"},
    {"type": ["null", "string"]},
    {"enum": [None, 3]},
    {"const": {"a": [1]}},
    {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
    {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": True},
    {"type": "array", "maxItems": 0},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}], "items": False},
    {"type": "object", "required": ["a"], "additionalProperties": {"type": "integer"}},
    {"type": "object", "minProperties": 2},
    {"type": "object", "propertyNames": {"maxLength": 4}, "additionalProperties": {"type": "null"}},
    {"type": "object", "patternProperties": {"^x-": {"type": "string"}}},
    {"allOf": [{"type": "number", "minimum": 3}, {"type": "integer", "maximum": 4}]},
    {"allOf": [{"required": ["a"]}, {"properties": {"a": {"const": 1}}}], "type": "object"},
    {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 3}]},
    {"anyOf": [{"type": "null"}, {"type": "integer"}], "minimum": 5},
    {"type": "object", "not": {"required": ["b"]}, "properties": {"b": {"type": "integer"}}},
    NODE,
    {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}},
    },
    {"type": "string", "example": 7, "default": "d"},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_they_fit(examples, schema):
    converted = examples.merger.schemas.convert(schema)
    for seed in ("a", "b", "c"):
        value, fits = examples.example(converted, seed)
        assert fits, value
        assert examples.example(converted, seed) == (value, True)


def test_declared_ones_come_first(examples):
    assert examples.example({"type": "string", "example": "e", "default": "d"}, "s") == ("e", True)
    assert examples.example({"type": "string", "examples": [1, "x"]}, "s") == ("x", True)
    assert examples.example({"type": "string", "default": "d"}, "s") == ("d", True)
    made, _ = examples.example({"type": "string", "example": "e"}, "s", declared=False)
    assert made != "e"


def test_a_discriminator_names_its_alternative(examples):
    value, _ = examples.example(examples.merger.schemas.convert(SCHEMAS[-2]), "s")
    assert (value["kind"], "lives" in value) == ("cat", True)


def test_seeds_and_places_tell_values_apart(examples):
    schema = {"type": "object", "properties": {"a": {"format": "uuid", "type": "string"}}}
    schema["properties"]["b"] = dict(schema["properties"]["a"])
    one, _ = examples.example(schema, "one")
    two, _ = examples.example(schema, "two")
    assert len({one["a"], one["b"], two["a"], two["b"]}) == 4


def test_what_cant_be_fitted_is_told(examples):
    assert examples.example({"type": "string", "minLength": 5, "maxLength": 2}, "s")[1] is False
    assert examples.example(False, "s")[1] is False
