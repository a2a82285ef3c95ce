"""A schema and its extension by `allOf` differ in what was added."""

from __future__ import annotations

from cdds_django.contract.flattening import flattened
from cdds_django.contract.snapshot_rows import SchemaRow

PLAIN = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
B = {"properties": {"b": {"type": "integer"}}, "required": ["b"]}


def rows(**schemas):
    return {name: SchemaRow(digest=name, schema=schema) for name, schema in schemas.items()}


def test_properties_and_conditions_are_joined():
    form = {"allOf": [{"$ref": "Plain"}, B], "minProperties": 1}
    assert flattened(form, rows(Plain=PLAIN)) == {
        "type": "object",
        "minProperties": 1,
        "required": ["a", "b"],
        "properties": {**PLAIN["properties"], **B["properties"]},
    }


def test_what_contradicts_stays():
    form = {"allOf": [{"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 3}]}
    assert flattened(form, {}) == {
        "type": "string",
        "maxLength": 5,
        "allOf": [{"maxLength": 3}],
    }
    other = {"allOf": [PLAIN, {"properties": {"a": {"type": "integer"}}}]}
    assert flattened(other, {})["allOf"] == [{"properties": {"a": {"type": "integer"}}}]


def test_a_circle_ends():
    circle = {"allOf": [{"$ref": "Circle"}, B]}
    assert flattened(circle, rows(Circle=circle))["properties"] == B["properties"]


def test_an_extension_is_one_change(in_response):
    extended = {"allOf": [PLAIN, {"properties": {"c": {"type": "string"}}}]}
    assert in_response(PLAIN, extended) == [("response-optional-property-added", "info")]
    assert in_response(extended, PLAIN) == [("response-optional-property-removed", "warning")]
