"""Each rule has a sentence that people understand."""

from __future__ import annotations

import pytest

from cdds_django.mock.schemas.conversion import Schemas
from cdds_django.mock.schemas.validators import Validators
from cdds_django.mock.schemas.violations import violations_of


def wrong(schema, value, place="body"):
    schemas = Schemas({"openapi": "3.1.0"}, "request")
    validator = Validators(schemas).of(schemas.convert(schema))
    return [(v.pointer, v.message) for v in violations_of(validator, value, place)]


def inside(schema):
    return {"type": "object", "properties": {"a": schema}}


FORMS = "of the forms that the contract allows"
FIRST = [str(number) for number in range(12)]


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "integer"}, "x", '`a` must be an integer, not "x".'),
        ({"type": ["array", "null"]}, {}, "`a` must be a list or null, not {}."),
        ({"enum": [1, 2, 3]}, 4, "`a` must be 1, 2 or 3, not 4."),
        ({"enum": list(range(20))}, 99, f"`a` must be {', '.join(FIRST)} or 8 more, not 99."),
        ({"const": "b"}, "c", '`a` must be "b", not "c".'),
        ({"minimum": 1}, 0, "`a` must be at least 1, not 0."),
        ({"maximum": 1}, 2, "`a` must be at most 1, not 2."),
        ({"exclusiveMinimum": 1}, 1, "`a` must be more than 1, not 1."),
        ({"exclusiveMaximum": 1}, 1, "`a` must be less than 1, not 1."),
        ({"multipleOf": 5}, 7, "`a` must be a multiple of 5, not 7."),
        ({"minLength": 2}, "x", "`a` must have at least 2 characters, not 1."),
        ({"maxLength": 1}, "xx", "`a` must have at most 1 character, not 2."),
        ({"minItems": 1}, [], "`a` must have at least 1 item, not 0."),
        ({"maxItems": 0}, [1], "`a` must have at most 0 items, not 1."),
        ({"uniqueItems": True}, [1, 1], "`a` must not hold the same item twice."),
        ({"minProperties": 1}, {}, "`a` must have at least 1 field."),
        ({"maxProperties": 0}, {"b": 1}, "`a` must have at most 0 fields."),
        ({"pattern": "^b"}, "c", '`a` must match ^b, and "c" doesn\'t.'),
        ({"format": "uuid"}, "c", '`a` must be a UUID, not "c".'),
        ({"format": "date"}, "c", '`a` must be a date such as 2026-05-04, not "c".'),
        (False, 1, "`a` must not be given."),
        ({"not": {"const": 1}}, 1, "`a` must not be 1."),
        ({"anyOf": [{"type": "null"}, {"minimum": 2}]}, 1, "`a` must be at least 2, not 1."),
        (
            {"oneOf": [{"type": "integer"}, {"type": "number"}]},
            1,
            f"`a` fits several {FORMS}, and must fit exactly one.",
        ),
        ({"oneOf": [{"type": "null"}, {"type": "array"}]}, 1, f"`a` fits none {FORMS}."),
        ({"type": "integer"}, "y" * 99, f'`a` must be an integer, not "{"y" * 58}….'),
    ],
)
def test_sentences(schema, value, message):
    assert wrong(inside(schema), {"a": value}) == [("/a", message)]


def test_places():
    schema = {
        "type": "object",
        "required": ["b c"],
        "additionalProperties": False,
        "properties": {"a/b": {"type": "array", "items": {"type": "object", "required": ["x"]}}},
    }
    assert sorted(wrong(schema, {"a/b": [{}], "~z": 1})) == [
        ("/a~1b/0/x", '`["a/b"][0].x` is required.'),
        ("/b c", '`["b c"]` is required.'),
        ("/~0z", '`["~z"]` isn\'t known here.'),
    ]
    assert wrong({"type": "integer"}, "x") == [("", 'The body must be an integer, not "x".')]
    assert wrong(inside({"type": "null"}), {"a": 1}, "query") == [
        ("/a", "The query parameter `a` must be null, not 1.")
    ]
