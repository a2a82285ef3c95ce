"""Lists as APIs write them."""

from __future__ import annotations

import json

import pytest

from tests.mock.conftest import compiled, json_body, ok

THING = {
    "type": "object",
    "required": ["id", "n"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "n": {"type": "integer"}},
}
INTEGER = {"type": "integer"}
URL = {"type": ["string", "null"], "format": "uri"}
PAGING = [
    {"name": name, "in": "query", "schema": {"type": "string" if name == "cursor" else "integer"}}
    for name in ("page", "page_size", "offset", "limit", "cursor")
]


def page(items="results", **around):
    properties = {**around, items: {"type": "array", "items": THING}}
    return {"type": "object", "required": list(properties), "properties": properties}


def things(schema, *names, rows=5):
    parameters = [parameter for parameter in PAGING if parameter["name"] in names]
    client = compiled(
        {
            "openapi": "3.1.0",
            "paths": {
                "/things": {
                    "get": {"parameters": parameters, "responses": ok(schema)},
                    "post": {"requestBody": json_body(THING), "responses": ok(THING, "201")},
                },
                "/things/{id}": {"get": {"responses": ok(THING)}},
            },
        }
    )  # fmt: skip
    for number in range(rows):
        client.json("POST", "/things", {"n": number})
    return client


def test_a_plain_list():
    client = things({"type": "array", "items": THING})
    assert [row["n"] for row in client.json("GET", "/things")] == [0, 1, 2, 3, 4]


def test_a_plain_list_in_pages():
    client = things({"type": "array", "items": THING}, "page", "page_size")
    rows = client.json("GET", "/things?page=2&page_size=2")
    assert [row["n"] for row in rows] == [2, 3]
    client.problem(404, "GET", "/things?page=4&page_size=2")


def test_numbers_of_pages():
    schema = page(
        "content", page=INTEGER, total_pages=INTEGER, totalElements=INTEGER, size=INTEGER,
        hasNext={"type": "boolean"}, hasPrevious={"type": "boolean"},
    )  # fmt: skip
    client = things(schema, "page", "page_size")
    answer = client.json("GET", "/things?page=3&page_size=2")
    assert answer == {
        "page": 3,
        "total_pages": 3,
        "totalElements": 5,
        "size": 2,
        "hasNext": False,
        "hasPrevious": True,
        "content": [{"id": 5, "n": 4}],
    }


def test_links():
    links = {"type": "object", "properties": dict.fromkeys(("first", "prev", "next", "last"), URL)}
    client = things(page("data", links=links), "offset", "limit")
    answer = client.json("GET", "/things?limit=2&offset=2")
    base = "http://api.test/things?limit=2&offset="
    assert answer["links"] == {
        n: base + o for n, o in zip(links["properties"], "0044", strict=True)
    }


def test_cursors_in_links_as_drf_writes_them():
    client = things(page(next=URL, previous=URL), "cursor", "page_size")
    answer = client.json("GET", "/things?page_size=2")
    seen = [row["n"] for row in answer["results"]]
    while answer["next"]:
        answer = client.json("GET", answer["next"].removeprefix("http://api.test"))
        seen += [row["n"] for row in answer["results"]]
    assert seen == [0, 1, 2, 3, 4]


def test_tokens():
    token = {"type": "string"}
    client = things(page("items", nextPageToken=token), "cursor", "limit")
    answer = client.json("GET", "/things?limit=4")
    rest = client.json("GET", f"/things?limit=4&cursor={answer['nextPageToken']}")
    assert ([row["n"] for row in rest["items"]], rest["nextPageToken"]) == ([4], "")


def test_a_list_named_after_the_path():
    client = things(page("things", total_count=INTEGER))
    assert client.json("GET", "/things")["total_count"] == 5


def test_what_a_page_must_have_besides_is_made_up():
    client = things(page(mood={"const": "good"}, count={"type": "integer", "maximum": 3}))
    answer = client.json("GET", "/things")
    assert (answer["mood"], len(answer["results"])) == ("good", 5)
    assert answer["count"] <= 3  # what is true would be against the contract


@pytest.mark.parametrize("least", [1, 2])
def test_a_list_that_may_not_be_empty_is_an_example(least):
    schema = {"type": "array", "items": THING, "minItems": least}
    client = things(schema, rows=0)
    assert len(client.json("GET", "/things")) == least


def test_an_object_with_a_list_is_no_page():
    order = {"type": "object", "properties": {"lines": {"type": "array", "items": THING}}}
    client = compiled({"openapi": "3.1.0", "paths": {"/order": {"get": {"responses": ok(order)}}}})
    assert json.loads(client("GET", "/order").body)["lines"] != []
