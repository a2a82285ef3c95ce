"""Examples of rules about operations and documents: base, head, what is found forth and back."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PAGE = {"name": "page", "in": "query"}
JSON: Json = {"application/json": {}}
XML: Json = {"application/xml": {}}
STRING = {"type": "string"}
TODAY, PAST, FUTURE = "2026-01-31", "2020-01-31", "2030-01-31"


def body(**keys: Any) -> Json:
    return {"requestBody": {"content": JSON, **keys}}


def ok(**keys: Any) -> Json:
    return {"responses": {"200": {"description": "", **keys}}}


def header(**keys: Any) -> Json:
    return ok(headers={"X-Total": keys})


def parameter(**keys: Any) -> Json:
    return {"parameters": [{**PAGE, **keys}]}


def lifecycle(sunset: str | None = None, **keys: Any) -> Json:
    return {"deprecated": True, **({"x-sunset": sunset} if sunset else {}), **keys}


def stability(level: str) -> Json:
    return {"x-stability-level": level}


def callback(**operation: Any) -> Json:
    return {"callbacks": {"paid": {"{$request.body#/url}": {"post": operation}}}}


def request(**keys: Any) -> Json:
    return {"requestBody": {"content": {"application/json": keys}}}


def response(**keys: Any) -> Json:
    return ok(content={"application/json": keys})


def properties(required: bool = False, **keys: Any) -> Json:
    return {
        "type": "object",
        "required": ["a"] if required else [],
        "properties": {"a": {**STRING, **keys}},
    }


EMPTY = {"type": "object"}

OPERATIONS: dict[str, tuple[Json, Json, str, str]] = {
    "optional parameter": (
        {}, parameter(),
        "new-optional-request-parameter info", "request-parameter-removed warning",
    ),
    "required parameter": (
        {}, parameter(required=True),
        "new-required-request-parameter error", "request-parameter-removed warning",
    ),
    "path parameter": (
        {}, parameter(**{"in": "path"}),
        "new-request-path-parameter error", "request-parameter-removed warning",
    ),
    "deprecated parameter that goes": (
        {}, parameter(deprecated=True),
        "new-optional-request-parameter info", "request-parameter-removed-with-deprecation info",
    ),
    "parameter that goes too early": (
        {}, parameter(**lifecycle(FUTURE)),
        "new-optional-request-parameter info", "request-parameter-removed-before-sunset error",
    ),
    "parameter that goes in time": (
        {}, parameter(**lifecycle(PAST)),
        "new-optional-request-parameter info", "request-parameter-removed-with-deprecation info",
    ),
    "parameter became required": (
        parameter(), parameter(required=True),
        "request-parameter-became-required error", "request-parameter-became-optional info",
    ),
    "deprecated parameter": (
        parameter(), parameter(**lifecycle(FUTURE)),
        "request-parameter-deprecated info", "request-parameter-reactivated info",
    ),
    "date of a parameter": (
        parameter(**lifecycle(PAST)), parameter(**lifecycle(FUTURE)),
        "request-parameter-sunset-date-changed info",
        "request-parameter-sunset-date-changed-too-small error",
    ),
    "no date of a parameter": (
        parameter(**lifecycle("soon")), parameter(**lifecycle(FUTURE)),
        "request-parameter-sunset-parse error", "request-parameter-sunset-parse error",
    ),
    "date of a parameter is gone": (
        parameter(deprecated=True), parameter(**lifecycle(FUTURE)),
        "request-parameter-sunset-date-changed info", "request-parameter-sunset-deleted error",
    ),
    "style": (
        parameter(), parameter(style="spaceDelimited", explode=True),
        "request-parameter-style-changed error", "request-parameter-style-changed error",
    ),
    "explode": (
        parameter(), parameter(explode=False),
        "request-parameter-explode-changed error", "request-parameter-explode-changed error",
    ),
    "reserved characters": (
        parameter(), parameter(allowReserved=True),
        "request-parameter-allowance-added info", "request-parameter-allowance-removed error",
    ),
    "body": (
        {}, body(), "request-body-added-optional info", "request-body-removed error",
    ),
    "required body": (
        {}, body(required=True), "request-body-added-required error", "request-body-removed error",
    ),
    "body became required": (
        body(), body(required=True),
        "request-body-became-required error", "request-body-became-optional info",
    ),
    "media type of a body": (
        body(), body(content={**JSON, **XML}),
        "request-body-media-type-added info", "request-body-media-type-removed error",
    ),
    "schema of a body": (
        body(), request(schema=STRING),
        "request-body-media-type-schema-added error", "request-body-media-type-schema-removed info",
    ),
    "schema of a response": (
        ok(content=JSON), response(schema=STRING),
        "response-body-media-type-schema-added info",
        "response-body-media-type-schema-removed warning",
    ),
    "encoding": (
        body(), request(encoding={"a": {"contentType": "image/png"}}),
        "request-body-encoding-changed warning", "request-body-encoding-changed warning",
    ),
    "media type of a response": (
        ok(content=JSON), ok(content={**JSON, **XML}),
        "response-media-type-added info", "response-media-type-removed error",
    ),
    "special media type": (
        ok(content=JSON), ok(content={"application/problem+json": {}}),
        "response-media-type-name-specialized info", "response-media-type-name-generalized error",
    ),
    "parameter of a media type": (
        ok(content=JSON), ok(content={"application/json; q=1": {}}),
        "response-media-type-name-changed info", "response-media-type-name-changed info",
    ),
    "success status": (
        ok(), {"responses": {"200": {"description": ""}, "202": {"description": ""}}},
        "response-success-status-added info", "response-success-status-removed error",
    ),
    "other status": (
        ok(), {"responses": {"200": {"description": ""}, "404": {"description": ""}}},
        "response-non-success-status-added info", "response-non-success-status-removed info",
    ),
    "header": (
        ok(), header(), "response-header-added info", "optional-response-header-removed warning",
    ),
    "required header": (
        ok(), header(required=True),
        "response-header-added info", "required-response-header-removed error",
    ),
    "header became required": (
        header(), header(required=True),
        "response-header-became-required info", "response-header-became-optional error",
    ),
    "deprecated header": (
        header(), header(deprecated=True),
        "response-header-deprecated info", "response-header-reactivated info",
    ),
    "security": (
        {"security": [{"a": []}]}, {"security": [{"a": []}, {"b": []}]},
        "api-security-added info", "api-security-removed info",
    ),
    "scope": (
        {"security": [{"a": ["read"]}]}, {"security": [{"a": ["read", "write"]}]},
        "api-security-scope-added info", "api-security-scope-removed info",
    ),
    "server": (
        {}, {"servers": [{"url": "/v2"}]},
        "operation-server-added info", "operation-server-removed warning",
    ),
    "callback": (
        {}, callback(responses={}), "callback-added info", "callback-removed warning",
    ),
    "body of a callback": (
        callback(**request(schema={"type": "integer"})),
        callback(**request(schema={"type": "number"})),
        "response-body-type-generalized error", "response-body-type-specialized info",
    ),
    "answer to a callback": (
        callback(**response(schema=properties())),
        callback(**response(schema=properties(required=True))),
        "request-property-became-required error", "request-property-became-optional info",
    ),
    "deprecation": (
        {}, lifecycle(), "endpoint-deprecated info", "endpoint-reactivated info",
    ),
    "announced end": (
        {}, lifecycle(FUTURE), "endpoint-deprecated-with-sunset info", "endpoint-reactivated info",
    ),
    "end at no date": (
        {}, lifecycle("soon"), "api-deprecated-sunset-parse error", "endpoint-reactivated info",
    ),
    "later end": (
        lifecycle(PAST), lifecycle(FUTURE),
        "api-sunset-date-changed info", "api-sunset-date-changed-too-small error",
    ),
    "end at a date": (
        lifecycle("soon"), lifecycle(FUTURE),
        "api-path-sunset-parse error", "api-path-sunset-parse error",
    ),
    "the end is announced after deprecation": (
        lifecycle(), lifecycle(FUTURE),
        "operation-lifecycle-changed info", "sunset-deleted error",
    ),
    "stability": (
        stability("beta"), stability("stable"),
        "api-stability-increased info", "api-stability-decreased error",
    ),
    "no stability": (
        stability("beta"), stability("granite"),
        "api-invalid-stability-level error", "api-invalid-stability-level error",
    ),
    "tag": ({}, {"tags": ["a"]}, "api-tag-added info", "api-tag-removed info"),
    "operationId": (
        {}, {"operationId": "other"},
        "api-operation-id-removed info", "api-operation-id-removed info",
    ),
    "new operationId": (
        {"operationId": "post_orders"}, {"operationId": "other"},
        "api-operation-id-added info", "api-operation-id-removed info",
    ),
    "documentation": (
        {}, {"summary": "Order something."},
        "operation-documentation-changed info", "operation-documentation-changed info",
    ),
    "unknown keyword of a request": (
        request(schema=STRING), request(schema={**STRING, "keywordOfTomorrow": 1}),
        "request-changed warning", "request-changed warning",
    ),
    "unknown keyword of a response": (
        response(schema=STRING), response(schema={**STRING, "keywordOfTomorrow": 1}),
        "response-changed warning", "response-changed warning",
    ),
    "text in a form": (
        {"requestBody": {"content": {"text/plain": {"schema": {"type": "integer"}}}}},
        {"requestBody": {"content": {"text/plain": {"schema": STRING}}}},
        "request-body-type-compatible info", "request-body-type-changed error",
    ),
    "text in a parameter": (
        parameter(schema={"type": "integer"}), parameter(schema=STRING),
        "request-parameter-type-generalized info", "request-parameter-type-changed error",
    ),
    "a date in a parameter": (
        parameter(schema={"type": "integer"}), parameter(schema={**STRING, "format": "date"}),
        "request-parameter-type-changed error", "request-parameter-type-changed error",
    ),
    "text in a header": (
        header(schema=STRING), header(schema={"type": "integer"}),
        "response-header-type-compatible info", "response-header-type-changed error",
    ),
    "format of a request": (
        request(schema=STRING), request(schema={**STRING, "format": "uuid"}),
        "request-body-type-changed error", "request-body-type-generalized info",
    ),
    "format of a response": (
        response(schema=STRING), response(schema={**STRING, "format": "uuid"}),
        "response-body-type-specialized info", "response-body-type-changed error",
    ),
    "wider format of a request": (
        request(schema={"type": "integer", "format": "int32"}),
        request(schema={"type": "integer", "format": "int64"}),
        "request-body-type-generalized info", "request-body-type-changed error",
    ),
    "wider format of a response": (
        response(schema={"type": "number", "format": "float"}),
        response(schema={"type": "number", "format": "double"}),
        "response-body-type-changed error", "response-body-type-specialized info",
    ),
    "one of several schemas": (
        request(schema={"anyOf": [properties(), {"type": "array"}]}), request(schema=properties()),
        "request-body-any-of-removed error", "request-body-any-of-added info",
    ),
    "pattern for anything": (
        request(schema={**STRING, "pattern": "^a"}), request(schema={**STRING, "pattern": ".*"}),
        "request-body-pattern-generalized info", "request-body-pattern-changed warning",
    ),
    "optional property of a request": (
        request(schema=EMPTY), request(schema=properties()),
        "new-optional-request-property info", "request-property-removed warning",
    ),
    "required property of a request": (
        request(schema=EMPTY), request(schema=properties(required=True)),
        "new-required-request-property error", "request-property-removed warning",
    ),
    "required property with a default": (
        request(schema=EMPTY), request(schema=properties(required=True, default="x")),
        "new-required-request-property-with-default error", "request-property-removed warning",
    ),
    "property with a default became required": (
        request(schema=properties(default="x")),
        request(schema=properties(required=True, default="x")),
        "request-property-became-required-with-default error",
        "request-property-became-optional info",
    ),
    "read-only property of a request": (
        request(schema=EMPTY), request(schema=properties(readOnly=True)),
        "new-optional-request-read-only-property info", "request-read-only-property-removed info",
    ),
    "optional property of a response": (
        response(schema=EMPTY), response(schema=properties()),
        "response-optional-property-added info", "response-optional-property-removed warning",
    ),
    "required property of a response": (
        response(schema=EMPTY), response(schema=properties(required=True)),
        "response-required-property-added info", "response-required-property-removed error",
    ),
    "optional write-only property of a response": (
        response(schema=EMPTY), response(schema=properties(writeOnly=True)),
        "response-optional-write-only-property-added info",
        "response-optional-write-only-property-removed info",
    ),
    "required write-only property of a response": (
        response(schema=EMPTY), response(schema=properties(required=True, writeOnly=True)),
        "response-required-write-only-property-added info",
        "response-required-write-only-property-removed info",
    ),
    "property of a parameter": (
        parameter(schema=EMPTY), parameter(schema=properties()),
        "new-optional-request-parameter-property info",
        "request-parameter-property-removed warning",
    ),
    "required property of a header": (
        parameter(schema=EMPTY, **{"in": "header"}),
        parameter(schema=properties(required=True), **{"in": "header"}),
        "new-required-request-header-property error",
        "request-parameter-property-removed warning",
    ),
}  # fmt: skip

for direction, wrap in (("request", request), ("response", response)):
    for word, required in (("required", True), ("optional", False)):
        for key, slug in (("readOnly", "read-only"), ("writeOnly", "write-only")):
            rule = f"{direction}-{word}-property-became"
            warned = rule.startswith("response-required") and slug == "write-only"
            OPERATIONS[f"{rule} {slug}"] = (
                wrap(schema=properties(required)),
                wrap(schema=properties(required, **{key: True})),
                f"{rule}-{slug} info",
                f"{rule}-not-{slug} {'warning' if warned else 'info'}",
            )


def document(paths: Json | None = None, **keys: Any) -> Json:
    return {"openapi": "3.1.0", "paths": paths if paths is not None else PATHS, **keys}


def schemes(**forms: Json) -> Json:
    return {"components": {"securitySchemes": forms}}


def oauth(**keys: Any) -> Json:
    return {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "/a", **keys}}}


PATHS: Json = {"/a": {"get": {}}}
TOKEN = {"type": "http", "scheme": "bearer"}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}


def api(version: str, required: bool = False) -> Json:
    paths = {"/a": {"get": parameter(required=True) if required else parameter()}}
    return document(paths, info={"version": version})


def gone(**keys: Any) -> Json:
    return document({"/a": {"get": {}, "put": keys}})


def path_gone(**keys: Any) -> Json:
    return document({**PATHS, "/b": {"put": keys}})


DOCUMENTS: dict[str, tuple[Json, Json, str, str]] = {
    "operation": (
        document(), gone(), "endpoint-added info", "api-removed-without-deprecation error",
    ),
    "deprecated operation": (
        document(), gone(**lifecycle()),
        "endpoint-added info", "api-removed-with-deprecation info",
    ),
    "operation before its end": (
        document(), gone(**lifecycle(FUTURE)),
        "endpoint-added info", "api-removed-before-sunset error",
    ),
    "operation after its end": (
        document(), gone(**lifecycle(PAST)),
        "endpoint-added info", "api-removed-with-deprecation info",
    ),
    "operation with no date": (
        document(), gone(**lifecycle("soon")), "endpoint-added info", "api-path-sunset-parse error",
    ),
    "draft": (
        document(), gone(**stability("draft")),
        "endpoint-added info", "api-removed-without-deprecation info",
    ),
    "path": (
        document(), path_gone(),
        "endpoint-added info", "api-path-removed-without-deprecation error",
    ),
    "deprecated path": (
        document(), path_gone(**lifecycle()),
        "endpoint-added info", "api-path-removed-with-deprecation info",
    ),
    "path before its end": (
        document(), path_gone(**lifecycle(FUTURE)),
        "endpoint-added info", "api-path-removed-before-sunset error",
    ),
    "renamed path parameter": (
        document({"/a/{id}": {"get": {}}}), document({"/a/{pk}": {"get": {}}}),
        "path-parameter-renamed info", "path-parameter-renamed info",
    ),
    "webhook": (
        document(), document(webhooks={"paid": {"post": {}}}),
        "webhook-added info", "webhook-removed error",
    ),
    "body of a webhook": (
        document(webhooks={"paid": {"post": request(schema=properties())}}),
        document(webhooks={"paid": {"post": request(schema=EMPTY)}}),
        "response-optional-property-removed warning", "response-optional-property-added info",
    ),
    "security": (
        document(**schemes(t=TOKEN)), document(security=[{"t": []}], **schemes(t=TOKEN)),
        "api-global-security-added info", "api-global-security-removed info",
    ),
    "scope": (
        document(security=[{"t": []}], **schemes(t=TOKEN)),
        document(security=[{"t": ["read"]}], **schemes(t=TOKEN)),
        "api-global-security-scope-added info", "api-global-security-scope-removed info",
    ),
    "security scheme": (
        document(), document(**schemes(t=TOKEN)),
        "api-security-component-added info", "api-security-component-removed info",
    ),
    "type of a security scheme": (
        document(security=[{"t": []}], **schemes(t=TOKEN)),
        document(security=[{"t": []}], **schemes(t=KEY)),
        "api-security-component-type-changed info", "api-security-component-type-changed info",
    ),
    "name of a header": (
        document(security=[{"t": []}], **schemes(t=KEY)),
        document(security=[{"t": []}], **schemes(t={**KEY, "name": "X-Token"})),
        "api-security-component-changed warning", "api-security-component-changed warning",
    ),
    "authorizationUrl": (
        document(**schemes(t=oauth())), document(**schemes(t=oauth(authorizationUrl="/b"))),
        "api-security-component-oauth-url-changed info",
        "api-security-component-oauth-url-changed info",
    ),
    "tokenUrl": (
        document(**schemes(t=oauth(tokenUrl="/a"))), document(**schemes(t=oauth(tokenUrl="/b"))),
        "api-security-component-oauth-token-url-changed info",
        "api-security-component-oauth-token-url-changed info",
    ),
    "scope of OAuth": (
        document(**schemes(t=oauth())), document(**schemes(t=oauth(scopes={"read": "Read it."}))),
        "api-security-component-oauth-scope-added info",
        "api-security-component-oauth-scope-removed info",
    ),
    "schema": (
        document({"/a": {"get": response()}}, components={"schemas": {"A": EMPTY}}),
        document(
            {"/a": {"get": response(schema={"$ref": "#/components/schemas/A"})}},
            components={"schemas": {"A": properties()}},
        ),
        "response-body-media-type-schema-added info",
        "api-schema-removed info, response-body-media-type-schema-removed warning",
    ),
    "version": (
        api("1.0.0"), api("1.1.0", required=True),
        "api-major-version-not-bumped info, request-parameter-became-required error",
        "request-parameter-became-optional info",
    ),
    "enough of a version": (
        api("1.0.0"), api("2.0.0", required=True),
        "request-parameter-became-required error", "request-parameter-became-optional info",
    ),
    "younger version": (
        api("0.1.0"), api("0.2.0", required=True),
        "request-parameter-became-required error", "request-parameter-became-optional info",
    ),
    "lower version": (
        api("2.0.0"), api("1.9.9", required=True),
        "api-version-decreased info, request-parameter-became-required error",
        "request-parameter-became-optional info",
    ),
}  # fmt: skip
