"""An example of each family of rules: two schemas, and what is found forth and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
A = {"type": "object", "properties": {"x": STRING}}
B = {"type": "object", "properties": {"y": INTEGER}}
NOTHING: Json = {}
ANY_STRING = STRING


def string(**keys: Any) -> Json:
    return {"type": "string", **keys}


def array(**keys: Any) -> Json:
    return {"type": "array", **keys}


def obj(**keys: Any) -> Json:
    return {"type": "object", **keys}


def mapped(**mapping: str) -> Json:
    alternatives = [obj(properties={"kind": STRING, "a": STRING}), obj(properties={"b": STRING})]
    return {"oneOf": alternatives, "discriminator": {"propertyName": "kind", "mapping": mapping}}


OTHER_NAME = {"oneOf": mapped()["oneOf"], "discriminator": {"propertyName": "sort"}}
UNTOLD = {"oneOf": mapped()["oneOf"]}
CAT, DOG = "#/components/schemas/Cat", "#/components/schemas/Dog"

# What is found forth, back (the ends of ids), the base and the head.
SCHEMAS: list[tuple[str, str, Json, Json]] = [
    ("type-changed", "type-changed", array(), obj()),
    ("type-generalized", "type-{narrower}", {"type": "integer"}, {"type": "number"}),
    (
        "list-of-types-widened",
        "list-of-types-narrowed",
        {"type": ["array", "object"]},
        {"type": ["array", "boolean", "object"]},
    ),
    ("became-nullable", "became-not-nullable", array(), array(nullable=True)),
    ("became-enum", "became-not-enum", STRING, string(enum=["a"])),
    ("enum-value-added", "enum-value-removed", string(enum=["a"]), string(enum=["a", "b"])),
    (
        "x-extensible-enum-value-added",
        "x-extensible-enum-value-removed",
        string(**{"x-extensible-enum": ["a"]}),
        string(**{"x-extensible-enum": ["a", "b"]}),
    ),
    ("const-added", "const-removed", STRING, string(const="a")),
    ("const-changed", "const-changed", string(const="a"), string(const="b")),
    ("pattern-added", "pattern-removed", STRING, string(pattern="^a")),
    ("pattern-changed", "pattern-changed", string(pattern="^a"), string(pattern="^b")),
    ("default-value-added", "default-value-removed", STRING, string(default="a")),
    ("default-value-changed", "default-value-changed", string(default="a"), string(default="b")),
    ("all-of-added", "all-of-removed", {"allOf": [A, B]}, {"allOf": [A, B, obj(minProperties=1)]}),
    ("any-of-added", "any-of-removed", {"anyOf": [A, B]}, {"anyOf": [A, B, array()]}),
    ("one-of-added", "one-of-removed", {"oneOf": [A, B]}, {"oneOf": [A, B, array()]}),
    ("alternatives-set", "alternatives-unset", obj(), obj(anyOf=[A, B])),
    ("wrapped-in-one-of", "one-of-removed", A, {"oneOf": [A, B]}),
    ("any-of-added", "any-of-removed", A, {"anyOf": [A, B]}),
    ("discriminator-added", "discriminator-removed", UNTOLD, mapped(cat=CAT)),
    (
        "discriminator-property-name-changed",
        "discriminator-property-name-changed",
        {**OTHER_NAME},
        {**OTHER_NAME, "discriminator": {"propertyName": "kind"}},
    ),
    (
        "discriminator-mapping-added",
        "discriminator-mapping-deleted",
        mapped(cat=CAT),
        mapped(cat=CAT, dog=DOG),
    ),
    (
        "discriminator-mapping-changed",
        "discriminator-mapping-changed",
        mapped(cat=CAT),
        mapped(cat=DOG),
    ),
    ("multiple-of-added", "multiple-of-removed", INTEGER, {**INTEGER, "multipleOf": 2}),
    (
        "multiple-of-changed",
        "multiple-of-changed",
        {**INTEGER, "multipleOf": 2},
        {**INTEGER, "multipleOf": 3},
    ),
    ("unique-items-added", "unique-items-removed", array(), array(uniqueItems=True)),
    ("not-added", "not-removed", STRING, string(**{"not": {"enum": ["a"]}})),
    ("not-changed", "not-changed", {"not": string(enum=["a"])}, {"not": string(enum=["b"])}),
    ("if-added", "if-removed", obj(), obj(**{"if": {"required": ["x"]}})),
    ("if-changed", "if-changed", {"if": {"required": ["x"]}}, {"if": {"required": ["y"]}}),
    ("then-added", "then-removed", obj(), obj(then={"required": ["x"]})),
    ("else-added", "else-removed", obj(), obj(**{"else": {"required": ["x"]}})),
    ("contains-added", "contains-removed", array(), array(contains=STRING)),
    (
        "property-names-added",
        "property-names-removed",
        obj(),
        obj(propertyNames=string(pattern="a")),
    ),
    (
        "unevaluated-items-added",
        "unevaluated-items-removed",
        array(),
        array(unevaluatedItems=False),
    ),
    (
        "unevaluated-properties-added",
        "unevaluated-properties-removed",
        obj(),
        obj(unevaluatedProperties=False),
    ),
    ("content-schema-added", "content-schema-removed", STRING, string(contentSchema=INTEGER)),
    (
        "content-encoding-added",
        "content-encoding-removed",
        STRING,
        string(contentEncoding="base64"),
    ),
    (
        "content-encoding-changed",
        "content-encoding-changed",
        string(contentEncoding="base64"),
        string(contentEncoding="base32"),
    ),
    (
        "content-media-type-added",
        "content-media-type-removed",
        STRING,
        string(contentMediaType="text/csv"),
    ),
    (
        "content-media-type-changed",
        "content-media-type-changed",
        string(contentMediaType="text/csv"),
        string(contentMediaType="text/plain"),
    ),
    (
        "additional-properties-added",
        "additional-properties-removed",
        obj(),
        obj(additionalProperties=False),
    ),
    ("items-added", "items-removed", array(), array(items=STRING)),
    (
        "pattern-property-added",
        "pattern-property-removed",
        obj(),
        obj(patternProperties={"^a": STRING}),
    ),
    ("dependent-schema-added", "dependent-schema-removed", obj(), obj(dependentSchemas={"a": A})),
    (
        "dependent-required-added",
        "dependent-required-removed",
        obj(),
        obj(dependentRequired={"a": ["b"]}),
    ),
    (
        "dependent-required-changed",
        "dependent-required-changed",
        obj(dependentRequired={"a": ["b"]}),
        obj(dependentRequired={"a": ["c"]}),
    ),
    (
        "prefix-items-added",
        "prefix-items-removed",
        array(prefixItems=[STRING]),
        array(prefixItems=[STRING, STRING]),
    ),
]
for keyword, word in {
    "maximum": "max",
    "exclusiveMaximum": "exclusive-max",
    "maxLength": "max-length",
    "maxItems": "max-items",
    "maxProperties": "max-properties",
    "maxContains": "max-contains",
    "minimum": "min",
    "exclusiveMinimum": "exclusive-min",
    "minLength": "min-length",
    "minItems": "min-items",
    "minProperties": "min-properties",
    "minContains": "min-contains",
}.items():
    SCHEMAS += [
        (f"{word}-set", f"{word}-unset", obj(), obj(**{keyword: 5})),
        (f"{word}-increased", f"{word}-decreased", obj(**{keyword: 5}), obj(**{keyword: 9})),
    ]

# The same for the schema of a property `a`, with what its parent says of it.
PROPERTIES: list[tuple[str, str, Json, Json]] = [
    ("became-required", "became-optional", {"a": STRING}, {"a": STRING, "required": ["a"]}),
    ("deprecated", "reactivated", {"a": STRING}, {"a": string(deprecated=True)}),
    (
        "deprecated-with-sunset",
        "reactivated",
        {"a": STRING},
        {"a": string(deprecated=True, **{"x-sunset": "2030-01-31"})},
    ),
    (
        "deprecated-sunset-invalid",
        "reactivated",
        {"a": STRING},
        {"a": string(deprecated=True, **{"x-sunset": "soon"})},
    ),
    (
        "stability-decreased",
        "stability-increased",
        {"a": STRING},
        {"a": string(**{"x-stability-level": "beta"})},
    ),
]

COMPONENTS = {"Cat": A, "Dog": B}


def in_body(schema: Json) -> Json:
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def in_response(schema: Json) -> Json:
    return {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}


def in_parameter(schema: Json, place: str = "query") -> Json:
    return {"parameters": [{"name": "p", "in": place, "schema": schema}]}


def in_header(schema: Json) -> Json:
    return {"responses": {"200": {"headers": {"X-H": {"schema": schema}}}}}


def property_of(wrap: Callable[[Json], Json], **keys: Any) -> Callable[[Json], Json]:
    """Return a function that puts a schema under the property `a` of an object at `wrap`."""

    def wrapped(schema: Json) -> Json:
        return wrap(obj(properties={"a": {**schema, **keys}}))

    return wrapped


WRAPPERS: Mapping[str, Callable[[Json], Json]] = {
    "request-body": in_body,
    "request-property": property_of(in_body),
    "request-read-only-property": property_of(in_body, readOnly=True),
    "request-parameter": in_parameter,
    "request-parameter-property": property_of(in_parameter),
    "request-header-property": property_of(lambda schema: in_parameter(schema, "header")),
    "response-body": in_response,
    "response-property": property_of(in_response),
    "response-write-only-property": property_of(in_response, writeOnly=True),
    "response-header": in_header,
}

_PARENTS = {
    "request-property": in_body,
    "request-read-only-property": in_body,
    "request-parameter-property": in_parameter,
    "request-header-property": lambda schema: in_parameter(schema, "header"),
    "response-property": in_response,
    "response-write-only-property": in_response,
}


def with_property(place: str, described: Json) -> Json:
    """Return an operation whose object at `place` has the property that is `described`."""
    hidden = {"request-read": {"readOnly": True}, "response-write": {"writeOnly": True}}
    keys = next((keys for start, keys in hidden.items() if place.startswith(start)), {})
    schema = {"type": "object", "required": described.get("required", [])}
    if "a" in described:
        schema["properties"] = {"a": {**described["a"], **keys}}
    return _PARENTS[place](schema)
