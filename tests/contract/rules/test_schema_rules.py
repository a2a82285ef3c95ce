"""Rules about schemas, each in a request and in a response, each edit forth and back."""

from __future__ import annotations

import pytest

STRING = {"type": "string"}
OBJECT = {"type": "object", "properties": {"a": STRING}}


def with_a(**keys):
    return {"type": "object", "properties": {"a": {"type": "string", **keys}}}


# name: base, head, what is found in a request, what in a response, and both back again
EDITS = {
    "type changed": (
        STRING, {"type": "integer"},
        "request-body-type-changed error", "response-body-type-changed error",
        "request-body-type-changed error", "response-body-type-changed error",
    ),
    "type widened": (
        {"type": "integer"}, {"type": "number"},
        "request-body-type-generalized info", "response-body-type-generalized error",
        "request-body-type-changed error", "response-body-type-specialized info",
    ),
    "nullable": (
        STRING, {**STRING, "nullable": True},
        "request-body-became-nullable info", "response-body-became-nullable error",
        "request-body-became-not-nullable error", "response-body-became-not-nullable info",
    ),
    "value added": (
        with_a(enum=["x"]), with_a(enum=["x", "y"]),
        "request-property-enum-value-added info", "response-property-enum-value-added warning",
        "request-property-enum-value-removed error", "response-property-enum-value-removed info",
    ),
    "enumeration": (
        with_a(), with_a(enum=["x"]),
        "request-property-became-enum error", "response-property-became-enum info",
        "request-property-became-not-enum info", "response-property-became-not-enum warning",
    ),
    "bound raised": (
        with_a(maxLength=5), with_a(maxLength=9),
        "request-property-max-length-increased info",
        "response-property-max-length-increased error",
        "request-property-max-length-decreased error",
        "response-property-max-length-decreased info",
    ),
    "bound set": (
        with_a(), with_a(minLength=5),
        "request-property-min-length-set warning", "response-property-min-length-set info",
        "request-property-min-length-unset info", "response-property-min-length-unset error",
    ),
    "pattern": (
        with_a(), with_a(pattern="^a"),
        "request-property-pattern-added error", "response-property-pattern-added info",
        "request-property-pattern-removed info", "response-property-pattern-removed info",
    ),
    "default": (
        with_a(), with_a(default="x"),
        "request-property-default-value-added info", "response-property-default-value-added info",
        "request-property-default-value-removed info",
        "response-property-default-value-removed info",
    ),
    "required": (
        OBJECT, {**OBJECT, "required": ["a"]},
        "request-property-became-required error", "response-property-became-required info",
        "request-property-became-optional info", "response-property-became-optional error",
    ),
    "optional property": (
        {"type": "object", "properties": {"b": STRING}},
        {"type": "object", "properties": {"b": STRING, "a": STRING}},
        "new-optional-request-property info", "response-optional-property-added info",
        "request-property-removed warning", "response-optional-property-removed warning",
    ),
    "required property": (
        {"type": "object", "properties": {"b": STRING}},
        {"type": "object", "required": ["a"], "properties": {"b": STRING, "a": STRING}},
        "new-required-request-property error", "response-required-property-added info",
        "request-property-removed warning", "response-required-property-removed error",
    ),
    "alternatives": (
        {"oneOf": [OBJECT, {"type": "integer"}]},
        {"oneOf": [OBJECT, {"type": "integer"}, {"type": "boolean"}]},
        "request-body-one-of-added info", "response-body-one-of-added error",
        "request-body-one-of-removed error", "response-body-one-of-removed info",
    ),
    "constraint": (
        {"type": "array"}, {"type": "array", "uniqueItems": True},
        "request-body-unique-items-added error", "response-body-unique-items-added info",
        "request-body-unique-items-removed info", "response-body-unique-items-removed error",
    ),
    "const": (
        with_a(const="x"), with_a(const="y"),
        "request-property-const-changed error", "response-property-const-changed error",
        "request-property-const-changed error", "response-property-const-changed error",
    ),
    "read-only": (
        with_a(), with_a(readOnly=True),
        "request-optional-property-became-read-only info",
        "response-optional-property-became-read-only info",
        "request-optional-property-became-not-read-only info",
        "response-optional-property-became-not-read-only info",
    ),
}  # fmt: skip


def expected(text):
    return [tuple(text.split())]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_forth(edit, in_request, in_response):
    base, head, request, response, _, _ = edit
    assert in_request(base, head) == expected(request)
    assert in_response(base, head) == expected(response)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_back(edit, in_request, in_response):
    base, head, _, _, request, response = edit
    assert in_request(head, base) == expected(request)
    assert in_response(head, base) == expected(response)


def test_read_only_properties_are_no_part_of_a_request(in_request, in_response):
    old = with_a(readOnly=True)
    new = {"type": "object", "properties": {}, "required": ["a"]}
    assert {level for _, level in in_request(old, new)} == {"info"}
    assert ("response-optional-property-removed", "warning") in in_response(old, new)


def test_what_is_required_has_to_be_sent_whatever_its_default(in_request):
    head = {**with_a(default="x"), "required": ["a"]}
    found = in_request({"type": "object", "properties": {}}, head)
    assert found == [("new-required-request-property-with-default", "error")]
