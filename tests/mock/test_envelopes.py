"""Resources inside objects, as JSON:API, Laravel and Rails write them."""

from __future__ import annotations

import pytest

from tests.mock.conftest import compiled, json_body, ok

ARTICLE = {
    "type": "object",
    "required": ["id", "title"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "title": {"type": "string"},
        "options": {"type": "object", "properties": {"wide": {"type": "boolean"}}},
    },
}
CHANGE = {"type": "object", "properties": {"options": ARTICLE["properties"]["options"]}}


def around(name, schema, **others):
    return {
        "type": "object",
        "required": [name, *others],
        "properties": {**others, name: schema},
    }


@pytest.fixture(params=["data", "article"])
def name(request):
    return request.param


@pytest.fixture
def articles(name):
    meta = {"type": "object", "required": ["version"], "properties": {"version": {"const": "1"}}}
    shown = around(name, ARTICLE, meta=meta)
    listed = around("data", {"type": "array", "items": ARTICLE})
    sent = {"requestBody": json_body(around("article", ARTICLE))}
    path = [{"name": "article", "in": "path", "required": True, "schema": {"type": "integer"}}]
    return compiled(
        {
            "openapi": "3.1.0",
            "info": {"title": "Articles"},
            "paths": {
                "/articles": {
                    "get": {"responses": ok(listed)},
                    "post": {**sent, "responses": ok(shown, "201")},
                },
                "/articles/{article}": {
                    "parameters": path,
                    "get": {"responses": ok(shown)},
                    "put": {**sent, "responses": ok(shown)},
                    "patch": {"requestBody": json_body(CHANGE), "responses": ok(shown)},
                    "delete": {"responses": {"204": {}}},
                },
            },
        }
    )


def test_what_is_inside_is_the_resource(articles, name):
    made = articles.json("POST", "/articles", {"article": {"title": "One", "id": 7}})
    assert made == {"meta": {"version": "1"}, name: {"id": 1, "title": "One"}}
    assert articles.json("GET", "/articles/1") == made
    assert articles.json("GET", "/articles") == {"data": [made[name]]}
    put = articles.json("PUT", "/articles/1", {"article": {"id": 1, "title": "Two"}})
    assert put[name] == {"id": 1, "title": "Two"}
    articles.problem(404, "GET", "/articles/2")
    assert articles("DELETE", "/articles/1").status == 204
    articles.problem(404, "GET", "/articles/1")


def test_a_body_with_one_object_isnt_always_around_something(articles, name):
    articles.json("POST", "/articles", {"article": {"title": "One"}})
    changed = articles.json("PATCH", "/articles/1", {"options": {"wide": True}})
    assert changed[name]["options"] == {"wide": True}


def test_violations_point_into_it(articles):
    problem = articles.problem(422, "POST", "/articles", {"article": {"title": 1}})
    assert problem["violations"][0]["pointer"] == "/article/title"
