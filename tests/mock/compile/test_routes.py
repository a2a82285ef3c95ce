"""From paths to operations."""

from __future__ import annotations

import pytest

from cdds_django.mock.compile.routes import Routes

INTEGERS = str.isdecimal


@pytest.fixture
def routes():
    found = Routes()
    for template in (
        "/a/{x}",
        "/a/b",
        "/a/{x}/c",
        "/a/b/d",
        "/files/{name}.{kind}",
        "/files/{name}",
        "/n/{number}",
        "/n/{number}/up",
        "/n/{name}/down",
        "/s/",
        "/",
        "/sp%20ace",
    ):
        route = found.add(template, lambda name: INTEGERS if name == "number" else None)
        route.operations["GET"] = template
    return found


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/a/1", "/a/{x}", ("1",)),
        ("/a/b", "/a/b", ()),
        ("/a/b/d", "/a/b/d", ()),
        ("/a/b/c", "/a/{x}/c", ("b",)),  # although /a/b is there as well
        ("/a/x%2Fy", "/a/{x}", ("x/y",)),
        ("/a/%C3%A4", "/a/{x}", ("ä",)),
        ("/files/read.me", "/files/{name}.{kind}", ("read", "me")),
        ("/files/readme", "/files/{name}", ("readme",)),
        ("/n/7", "/n/{number}", ("7",)),
        ("/n/seven", "/n/{number}", ("seven",)),  # it can't be another path
        ("/n/seven/down", "/n/{name}/down", ("seven",)),
        ("/n/7/down", "/n/{name}/down", ("7",)),
        ("/s/", "/s/", ()),
        ("/", "/", ()),
        ("/sp%20ace", "/sp%20ace", ()),
    ],
)
def test_found(routes, path, template, values):
    route, found = routes.find(path)
    assert (route.operations["GET"], found) == (template, values)


@pytest.mark.parametrize("path", ["", "/a", "/a/", "/a//c", "/s", "/a/1/", "/n/7/up/x", "//"])
def test_not_found(routes, path):
    assert routes.find(path) is None


def test_templates_that_differ_in_names_alone_are_one_path():
    routes = Routes()
    one = routes.add("/a/{id}", lambda name: None)
    assert routes.add("/a/{a_id}", lambda name: None) is one
