"""Rules about operations apart from schemas: parameters, bodies, responses, security, lifecycle."""

from __future__ import annotations

import pytest

PAGE = {"name": "page", "in": "query"}
JSON, XML = {"application/json": {}}, {"application/xml": {}}


def body(**keys):
    return {"requestBody": {"content": JSON, **keys}}


def ok(**keys):
    return {"responses": {"200": {"description": "", **keys}}}


def header(**keys):
    return ok(headers={"X-Total": keys})


# name: base, head, what is found, and what back again
EDITS = {
    "optional parameter": (
        {}, {"parameters": [PAGE]},
        "new-optional-request-parameter info", "request-parameter-removed warning",
    ),
    "required parameter": (
        {}, {"parameters": [{**PAGE, "required": True}]},
        "new-required-request-parameter error", "request-parameter-removed warning",
    ),
    "parameter became required": (
        {"parameters": [PAGE]}, {"parameters": [{**PAGE, "required": True}]},
        "request-parameter-became-required error", "request-parameter-became-optional info",
    ),
    "body": (
        {}, body(),
        "request-body-added-optional info", "request-body-removed error",
    ),
    "required body": (
        body(), body(required=True),
        "request-body-became-required error", "request-body-became-optional info",
    ),
    "media type of a body": (
        body(), body(content={**JSON, **XML}),
        "request-body-media-type-added info", "request-body-media-type-removed error",
    ),
    "success status": (
        ok(), {"responses": {"200": {"description": ""}, "202": {"description": ""}}},
        "response-success-status-added info", "response-success-status-removed error",
    ),
    "other status": (
        ok(), {"responses": {"200": {"description": ""}, "404": {"description": ""}}},
        "response-non-success-status-added info", "response-non-success-status-removed info",
    ),
    "media type of a response": (
        ok(content=JSON), ok(content={**JSON, **XML}),
        "response-media-type-added info", "response-media-type-removed error",
    ),
    "header": (
        ok(), header(),
        "response-header-added info", "optional-response-header-removed warning",
    ),
    "required header": (
        header(), header(required=True),
        "response-header-became-required info", "response-header-became-optional error",
    ),
    "security": (
        {"security": [{"a": []}]}, {"security": [{"a": []}, {"b": []}]},
        "api-security-added info", "api-security-removed info",
    ),
    "deprecation": (
        {}, {"deprecated": True}, "endpoint-deprecated info", "endpoint-reactivated info",
    ),
    "deprecated parameter": (
        {"parameters": [PAGE]}, {"parameters": [{**PAGE, "deprecated": True}]},
        "request-parameter-deprecated info", "request-parameter-reactivated info",
    ),
    "operationId": (
        {}, {"operationId": "other"},
        "api-operation-id-removed info", "api-operation-id-removed info",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_forth_and_back(edit, found_in_operations):
    base, head, forth, back = edit
    assert found_in_operations(base, head) == [tuple(forth.split())]
    assert found_in_operations(head, base) == [tuple(back.split())]
