"""Fields that nobody gave: empty, zero, null, the time, or another value in each resource."""

from __future__ import annotations

import pytest

from tests.mock.conftest import compiled, json_body, ok


def made(schema, times=1, **document):
    """Return the field `f` of resources that were made without it."""
    thing = {"type": "object", "required": ["f"], "properties": {"f": schema}}
    post = {"requestBody": json_body({"type": "object"}), "responses": ok(thing, "201")}
    paths = {"/things": {"post": post}, "/things/{id}": {"get": {"responses": ok(thing)}}}
    client = compiled({"openapi": "3.0.3", "paths": paths, **document})
    values = [client.json("POST", "/things", {})["f"] for _ in range(times)]
    return values if times > 1 else values[0]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "array", "items": {"type": "string"}}, []),
        ({"type": "boolean"}, False),
        ({"type": "integer"}, 0),
        ({"type": "number"}, 0),
        ({"type": "string", "nullable": True}, None),
        ({"type": "string", "enum": ["sent", "draft"]}, "draft"),
        ({"type": "string", "enum": ["sent", "lost"]}, "sent"),
        ({"type": "string", "default": "d", "example": "e"}, "d"),
        ({"type": "string", "default": None, "example": "e"}, "e"),  # a default that is wrong
        ({"type": "integer", "example": 5}, 5),
        ({"type": "integer", "minimum": 3, "maximum": 3}, 3),
        ({"type": "string", "format": "date-time"}, "2026-01-01T00:00:00Z"),
    ],
)
def test_values(schema, value):
    assert made(schema) == value


def test_null_that_the_contract_hardly_allows_is_not_given():
    """OpenAPI 3.0.3 has `nullable` work beside a `type` alone."""
    components = {"schemas": {"Mood": {"type": "string", "enum": ["good"]}}}
    schema = {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Mood"}]}
    assert made(schema, components=components) == "good"


@pytest.mark.parametrize("format_name", ["uuid", None])
def test_some_are_never_the_same(format_name):
    schema = {"type": "string", "format": format_name} if format_name else {"type": "string"}
    assert len(set(made(schema, times=4))) == (4 if format_name else 1)


def test_what_operations_declare_as_an_example_is_taken():
    thing = {
        "type": "object",
        "required": ["id", "owner"],
        "properties": {"id": {"type": "integer"}, "owner": {"type": "string"}},
    }
    shown = ok(thing)
    shown["200"]["content"]["application/json"]["example"] = {"id": 9, "owner": "Ada"}
    listed = ok({"type": "array", "items": thing})
    listed["200"]["content"]["application/json"]["examples"] = {
        "few": {"value": [{"id": 9, "owner": "Bob"}]}
    }
    parameters = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    made = {"requestBody": json_body({"type": "object"}), "responses": ok(thing, "201")}
    paths = {
        "/users/{id}": {"get": {"parameters": parameters, "responses": shown}},
        "/boxes": {"get": {"responses": listed}, "post": made},
    }
    client = compiled({"openapi": "3.0.3", "paths": paths})
    assert client.json("GET", "/users/5") == {"id": 5, "owner": "Ada"}
    assert client.json("POST", "/boxes", {}) == {"id": 1, "owner": "Bob"}


def test_a_resource_is_not_written_over_another_one():
    thing = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string", "enum": ["a"], "readOnly": True}},
    }
    paths = {
        "/things": {"post": {"requestBody": json_body({}), "responses": ok(thing, "201")}},
        "/things/{id}": {"get": {"responses": ok(thing)}},
    }
    client = compiled({"openapi": "3.1.0", "paths": paths})
    assert client.json("POST", "/things", {}) == {"id": "a"}
    assert "`id`" in client.problem(409, "POST", "/things", {})["error"]
