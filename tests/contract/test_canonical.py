"""Operations that promise the same have the same hashes."""

from __future__ import annotations

import pytest

from cdds_django.contract.snapshot import snapshot_of

PAGE = {"name": "page", "in": "query", "schema": {"type": "integer"}}
PAGE_REF = {"$ref": "#/components/parameters/Page"}
SORT = {"name": "sort", "in": "query", "schema": {"type": "string"}}


def hashes(operation, **document):
    whole = {
        "openapi": "3.0.3",
        "paths": {"/orders/": {"get": operation}},
        "components": {
            "parameters": {"Page": PAGE},
            "responses": {"Gone": {"description": "gone", "headers": {"X-Why": {}}}},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token."},
                "jwt": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            },
        },
        **document,
    }
    [row] = snapshot_of(whole).operations
    return row.request_hash, row.response_hash


SAME = {
    "order of parameters": ({"parameters": [PAGE, SORT]}, {"parameters": [SORT, PAGE]}),
    "shared parameter": ({"parameters": [PAGE]}, {"parameters": [PAGE_REF]}),
    "defaults of parameters": (
        {"parameters": [PAGE]},
        {"parameters": [{**PAGE, "style": "form", "explode": True, "required": False}]},
    ),
    "capitals in header names": (
        {"parameters": [{"name": "X-Shop", "in": "header"}]},
        {"parameters": [{"name": "x-shop", "in": "header"}]},
    ),
    "shared response": (
        {"responses": {"410": {"$ref": "#/components/responses/Gone"}}},
        {"responses": {"410": {"description": "other words", "headers": {"x-why": {}}}}},
    ),
    "names of security schemes": ({"security": [{"token": []}]}, {"security": [{"jwt": []}]}),
    "order of security": (
        {"security": [{"token": []}, {"cookie": []}]},
        {"security": [{"cookie": []}, {"token": []}]},
    ),
    "documentation": ({"summary": "Orders", "tags": ["a"]}, {"description": "All"}),
}  # fmt: skip

DIFFERENT = {
    "required": ({"parameters": [PAGE]}, {"parameters": [{**PAGE, "required": True}]}),
    "place": ({"parameters": [PAGE]}, {"parameters": [{**PAGE, "in": "header"}]}),
    "alternatives or both": (
        {"security": [{"token": []}, {"cookie": []}]},
        {"security": [{"token": [], "cookie": []}]},
    ),
    "scopes": ({"security": [{"token": []}]}, {"security": [{"token": ["write"]}]}),
    "status": ({"responses": {"200": {}}}, {"responses": {"201": {}}}),
    "servers": ({"servers": [{"url": "/v1"}]}, {"servers": [{"url": "/v2"}]}),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_same(pair):
    assert hashes(pair[0]) == hashes(pair[1])


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_different(pair):
    assert hashes(pair[0]) != hashes(pair[1])


def test_security_of_the_document_counts():
    assert hashes({}, security=[{"token": []}]) == hashes({"security": [{"token": []}]})


def test_request_and_response_are_told_apart():
    old, new = hashes({"parameters": [PAGE]}), hashes({"parameters": [SORT]})
    assert old[0] != new[0]
    assert old[1] == new[1]


def test_callbacks_belong_to_the_request():
    def callback(kind):
        body = {"content": {"application/json": {"schema": {"type": kind}}}}
        return {"callbacks": {"paid": {"{$request.body#/url}": {"post": {"requestBody": body}}}}}

    old, new = hashes(callback("string")), hashes(callback("integer"))
    assert old[0] != new[0]
    assert old[1] == new[1]


def test_the_operation_overrides_a_parameter_of_its_path():
    path_item = {"parameters": [PAGE], "get": {"parameters": [{**PAGE, "required": True}]}}
    [row] = snapshot_of({"openapi": "3.0.3", "paths": {"/a": path_item}}).operations
    assert row.request["parameters"]["query page"]["required"] is True
