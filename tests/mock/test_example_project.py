"""The example project's own API as a mock: what drf-spectacular writes is understood."""

from __future__ import annotations

import pytest

from tests.mock.conftest import compiled

VENUE = {"name": "Town Hall", "city": "Ulm", "capacity": 100}


@pytest.fixture
def api(example_document):
    return compiled(example_document)


def test_pages_as_drf_writes_them(api):
    for number in range(5):
        api.json("POST", "/api/venues/", VENUE | {"capacity": 100 + number})
    first = api.json("GET", "/api/venues/?page_size=2&city=Ulm")
    assert first["count"] == 5
    assert first["previous"] is None
    assert first["next"] == "http://api.test/api/venues/?page_size=2&city=Ulm&page=2"
    last = api.json("GET", "/api/venues/?page_size=2&page=3")
    assert [venue["capacity"] for venue in last["results"]] == [104]
    assert last["next"] is None
    assert last["previous"] == "http://api.test/api/venues/?page_size=2&page=2"
    api.problem(404, "GET", "/api/venues/?page=9")
    assert api.json("GET", "/api/venues/?city=Bonn") == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }


def test_slugs_come_from_names(api):
    slugs = [api.json("POST", "/api/venues/", VENUE)["slug"] for _ in range(3)]
    assert slugs == ["town-hall", "town-hall-2", "town-hall-3"]
    venue = api.json("GET", "/api/venues/town-hall-2/")
    assert (venue["id"], venue["sections"], venue["image"]) == (2, [], None)


def test_nested_resources(api):
    api.json("POST", "/api/venues/", VENUE)
    path = "/api/venues/town-hall/sections/"
    section = api.json("POST", path, {"name": "Stalls", "seats": 50})
    assert api.json("GET", f"{path}{section['id']}/") == section
    assert api.json("PATCH", f"{path}{section['id']}/", {"seats": 60})["seats"] == 60
    assert api("DELETE", f"{path}{section['id']}/").status == 204
    assert api.json("GET", path) == []
    api.problem(404, "GET", "/api/venues/nowhere/sections/")


def test_lists_beside_a_collection_and_actions_on_its_resources(api):
    api.json("POST", "/api/venues/", VENUE)
    event = {"title": "Jazz", "venue": "town-hall", "starts_at": "2026-05-04T10:00:00Z"}
    made = api.json("POST", "/api/events/", event | {"category": "music"})
    assert (made["slug"], made["status"]) == ("jazz", "draft")
    assert made["venue"].items() >= {**VENUE, "slug": "town-hall", "id": 1}.items()
    listed = api.json("GET", "/api/events/upcoming/")
    assert [(row["slug"], row["venue"]) for row in listed] == [("jazz", "town-hall")]
    assert api.json("POST", "/api/events/jazz/publish/") == made
    copied = api.json("POST", "/api/events/jazz/duplicate/", {"starts_at": event["starts_at"]})
    assert copied["slug"] == "jazz-2"
    api.problem(404, "GET", "/api/events/blues/availability/")


def test_one_account_is_me(api):
    before = api.json("GET", "/api/accounts/me/")
    after = api.json("PATCH", "/api/accounts/me/", {"first_name": "Ada", "email": "no"})
    assert after == before | {"first_name": "Ada"}
    assert api.json("GET", "/api/accounts/me/") == after


def test_what_nobody_can_make_is_there(api):
    assert api.json("GET", "/api/categories/music/")["slug"] == "music"
    assert len(api.json("GET", "/api/categories/")) == 1
