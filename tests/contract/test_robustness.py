"""Documents edited at random end in a difference or in one message, never in a traceback."""

from __future__ import annotations

import copy
import json
import random

import pytest

from cdds_django.contract.diff import diff
from cdds_django.contract.documents import parse
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.contract.snapshot_text import parsed, rendered
from cdds_django.errors import ContractError

ORDER = {"$ref": "#/components/schemas/Order"}
JSON = {"application/json": {"schema": ORDER}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1.0.0"},
    "security": [{"token": ["read"]}],
    "paths": {
        "/orders/{id}/": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {}}],
            "put": {
                "operationId": "orders_update",
                "deprecated": True,
                "x-sunset": "2030-01-31",
                "tags": ["orders"],
                "servers": [{"url": "/v1"}],
                "parameters": [{"$ref": "#/components/parameters/Page"}],
                "requestBody": {"required": True, "content": JSON},
                "responses": {
                    "200": {
                        "headers": {"X-Total": {"schema": {"type": "integer"}}},
                        "content": JSON,
                    }
                },
                "callbacks": {"paid": {"{$url}": {"post": {"requestBody": {"content": JSON}}}}},
            },
        }
    },
    "webhooks": {"paid": {"post": {"requestBody": {"content": JSON}}}},
    "components": {
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
        "schemas": {
            "Order": {
                "type": "object",
                "required": ["lines"],
                "discriminator": {"propertyName": "kind", "mapping": {"gift": "Gift"}},
                "oneOf": [{"$ref": "#/components/schemas/Gift"}, {"type": "array", "items": {}}],
                "properties": {"lines": {"type": "array", "items": ORDER, "maxItems": 5}},
            },
            "Gift": {
                "allOf": [{"properties": {"kind": {"enum": ["gift", None]}}}],
                "dependentRequired": {"a": ["b"]},
                "if": {"required": ["a"]},
            },
        },
        "securitySchemes": {
            "token": {
                "type": "oauth2",
                "flows": {"implicit": {"authorizationUrl": "/a", "scopes": {"read": "Read."}}},
            }
        },
    },
}
VALUES = (
    *(None, True, -1, 1.5, "", "x", "object", "#/components/schemas/Order", "#/nowhere", "2030"),
    *([], [None], ["a", 1], {}, {"$ref": "#/components/schemas/Gift"}, {"$ref": 1}, {"a": []}),
)
KEYS = ("$ref", "allOf", "properties", "required", "enum", "type", "const", "x-sunset", "items")


def places(node, found):
    if isinstance(node, dict | list):
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            found.append((node, key))
            places(node[key], found)
    return found


def edited(chance):
    document = copy.deepcopy(DOCUMENT)
    for _ in range(chance.randint(1, 3)):
        known = places(document, [])
        if not known:
            break
        holder, key = chance.choice(known)
        match chance.randrange(3):
            case 0:
                holder[key] = copy.deepcopy(chance.choice(VALUES))
            case 1:
                del holder[key]
            case 2 if isinstance(holder, dict):
                holder[chance.choice(KEYS)] = copy.deepcopy(chance.choice(VALUES))
    return document


def snapshot_or_message(document):
    try:
        return snapshot_of(parse(json.dumps(document).encode(), "edited.json"), "edited.json")
    except ContractError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(8))
def test_random_edits(seed):
    chance = random.Random(seed)
    base = snapshot_of(DOCUMENT)
    compared = 0
    for _ in range(60):
        head = snapshot_or_message(edited(chance))
        if isinstance(head, str):
            assert head.startswith("edited.json")
            continue
        compared += 1
        again = parsed(rendered(head).encode(), "snapshot")
        assert diff(base, again) == diff(base, head)
        assert diff(head, again).changes == ()
        diff(head, base)
    assert compared > 15


def test_circles_that_do_not_meet_end():
    """One side refers to itself after one step, the other after two, so they are never in step."""

    def document(schemas):
        schema = {"$ref": "#/components/schemas/A"}
        body = {"content": {"application/json": {"schema": schema}}}
        paths = {"/a": {"post": {"requestBody": body}}}
        return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}

    def arrays(count, **keys):
        schema = {"$ref": "#/components/schemas/A"}
        for _ in range(count):
            schema = {"type": "array", "items": schema, **keys}
        return schema

    base, head = document({"A": arrays(2)}), document({"A": arrays(3, maxItems=5)})
    found = diff(snapshot_of(base), snapshot_of(head))
    assert {change.id.split("-", 2)[2] for change in found.changes} == {"max-items-set"}


def test_format_that_is_no_name() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["components"]["schemas"]["Order"]["properties"]["lines"]["format"] = {"a": []}

    with pytest.raises(ContractError, match=r"properties/lines: format must be a name, not \{"):
        snapshot_of(document)
