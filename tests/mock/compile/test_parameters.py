"""Parameters by style: the table of OpenAPI 3.1, section 4.8.12.4, and what goes beyond it."""

from __future__ import annotations

import pytest

from cdds_django.contract.references import UnusableDocumentError
from cdds_django.mock.compile.parameters import (
    parameters_of,
    texts_of_cookies,
    texts_of_query,
)
from cdds_django.mock.schemas.conversion import Schemas
from cdds_django.mock.schemas.merging import Merger
from cdds_django.mock.schemas.validators import Validators

LIST = {"type": "array", "items": {"type": "string"}}
NUMBERS = {"type": "array", "items": {"type": "integer"}}
COLOR = {"type": "object", "properties": {n: {"type": "integer"} for n in ("R", "G", "B")}}
RGB = {"R": 100, "G": 200, "B": 150}


def parameters(*sources, version="3.1.0"):
    document = {"openapi": version}
    validators = Validators(Schemas(document, "request"))
    return parameters_of(document, sources, validators, Merger(validators.schemas))


def read(source, texts):
    violations = []
    (parameter,) = parameters({"name": "color", **source})
    return parameter.read(texts, violations), [violation.rule for violation in violations]


@pytest.mark.parametrize(
    ("style", "explode", "schema", "text", "value"),
    [
        ("simple", False, {"type": "string"}, "blue", "blue"),
        ("simple", False, LIST, "blue,black", ["blue", "black"]),
        ("simple", True, LIST, "blue,black", ["blue", "black"]),
        ("simple", False, COLOR, "R,100,G,200,B,150", RGB),
        ("simple", True, COLOR, "R=100,G=200,B=150", RGB),
        ("label", False, {"type": "string"}, ".blue", "blue"),
        ("label", False, LIST, ".blue,black", ["blue", "black"]),
        ("label", True, LIST, ".blue.black", ["blue", "black"]),
        ("label", True, COLOR, ".R=100.G=200.B=150", RGB),
        ("matrix", False, {"type": "integer"}, ";color=7", 7),
        ("matrix", False, LIST, ";color=blue,black", ["blue", "black"]),
        ("matrix", True, LIST, ";color=blue;color=black", ["blue", "black"]),
        ("matrix", False, COLOR, ";color=R,100,G,200,B,150", RGB),
        ("matrix", True, COLOR, ";R=100;G=200;B=150", RGB),
    ],
)
def test_in_paths(style, explode, schema, text, value):
    source = {"in": "path", "style": style, "explode": explode, "schema": schema}
    assert read(source, {"color": [text]}) == (value, [])


@pytest.mark.parametrize(
    ("style", "explode", "schema", "query", "value"),
    [
        ("form", True, {"type": "string"}, "color=light+blue", "light blue"),
        ("form", True, {"type": "string"}, "color=", ""),
        ("form", True, LIST, "color=blue&color=black", ["blue", "black"]),
        ("form", True, NUMBERS, "color=1", [1]),
        ("form", False, LIST, "color=blue,black", ["blue", "black"]),
        ("form", False, LIST, "color=", []),
        ("form", True, COLOR, "R=100&G=200&B=150", RGB),
        ("form", False, COLOR, "color=R,100,G,200,B,150", RGB),
        ("spaceDelimited", False, LIST, "color=blue%20black", ["blue", "black"]),
        ("pipeDelimited", False, NUMBERS, "color=1|2", [1, 2]),
        ("deepObject", True, COLOR, "color[R]=100&color%5BG%5D=200&color[B]=150", RGB),
        ("form", True, {"type": "boolean"}, "color=true", True),
        ("form", True, {"type": "number"}, "color=1.5e2", 150.0),
        ("form", True, {"type": ["integer", "null"]}, "color=null", None),
        ("form", True, {"anyOf": [{"type": "integer"}, {"const": "all"}]}, "color=all", "all"),
        ("form", True, {"anyOf": [{"type": "integer"}, {"const": "all"}]}, "color=7", 7),
        ("form", True, {"type": "string", "pattern": "^0"}, "color=007", "007"),
    ],
)
def test_in_queries(style, explode, schema, query, value):
    source = {"in": "query", "style": style, "explode": explode, "schema": schema}
    assert read(source, texts_of_query(query.encode())) == (value, [])


@pytest.mark.parametrize(
    ("source", "texts", "rules"),
    [
        ({"in": "query", "required": True, "schema": {}}, {}, ["required"]),
        ({"in": "query", "required": True, "schema": LIST}, {}, ["required"]),
        ({"in": "query", "schema": {}}, {}, []),
        ({"in": "query", "schema": {"type": "integer"}}, {"color": ["1.0x"]}, ["type"]),
        ({"in": "query", "schema": {"type": "boolean"}}, {"color": ["yes"]}, ["type"]),
        (
            {"in": "query", "schema": {**NUMBERS, "maxItems": 1}},
            {"color": ["1", "2"]},
            ["maxItems"],
        ),
        ({"in": "header", "schema": {"enum": ["a"]}}, {"color": ["b"]}, ["enum"]),
        ({"in": "cookie", "schema": {"type": "integer"}}, {"color": ["b"]}, ["type"]),
        (
            {"in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
            {"color": ["{"]},
            ["syntax"],
        ),
        (
            {"in": "query", "content": {"application/json": {"schema": {"required": ["a"]}}}},
            {"color": ["{}"]},
            ["required"],
        ),
    ],
)
def test_what_is_wrong(source, texts, rules):
    assert read(source, texts)[1] == rules


def test_a_later_one_takes_the_place_of_an_earlier_one():
    sources = [
        {"name": "X-A", "in": "header", "required": True},
        {"name": "x-a", "in": "header", "required": False},
        {"name": "Accept", "in": "header", "required": True},
    ]
    assert [parameter.required for parameter in parameters(*sources)] == [False]


def test_what_is_no_parameter():
    with pytest.raises(UnusableDocumentError, match="a name and `in`"):
        parameters({"name": "a", "in": "body"})


def test_cookies():
    assert texts_of_cookies('a=1; b="x y"; a=2; =; c') == {
        "a": ["1", "2"],
        "b": ["x y"],
        "c": [""],
    }
