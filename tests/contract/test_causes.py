"""One cause for one edit, however many changes and operations it makes."""

from __future__ import annotations

import copy

import pytest

from cdds_django.contract.causes import cause_of, causes_of
from cdds_django.contract.diff import diff
from cdds_django.contract.origins import Origins
from cdds_django.contract.snapshot import snapshot_of

ORDER = {"$ref": "#/components/schemas/Order"}
CONTENT = {"content": {"application/json": {"schema": ORDER}}}
PATHS = {
    f"/orders/{number}/": {
        "get": {"responses": {"200": CONTENT}},
        "put": {"requestBody": CONTENT, "responses": {"200": CONTENT}},
    }
    for number in range(20)
}
SCHEMA = {
    "type": "object",
    "required": ["note"],
    "properties": {"note": {"type": "string", "maxLength": 9, "enum": ["a", "b"]}},
}


def document(schema=SCHEMA, paths=PATHS):
    schemas = {"Order": schema, "PatchedOrder": {**schema, "required": []}}
    return {"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}}


def causes(base, head, origins=None):
    return causes_of(diff(snapshot_of(base), snapshot_of(head)).changes, origins)


def test_a_removed_property_is_one_cause():
    [cause] = causes(document(), document({"type": "object", "properties": {"b": {}}}))[:1]
    assert cause.place == "components/schemas/Order/properties/note"
    assert cause.level == "error"
    assert {change.id for change in cause.changes} == {
        "request-property-removed",
        "response-required-property-removed",
    }
    assert len(cause.operations) == 40


def test_all_edits_of_a_property_are_one_cause():
    schema = copy.deepcopy(SCHEMA)
    schema["properties"]["note"] = {"type": "string", "maxLength": 5, "enum": ["a"], "x": 1}
    [cause] = causes(document(), document(schema))
    assert {change.id.split("-", 2)[2] for change in cause.changes} >= {"max-length-decreased"}
    assert cause.text == cause.changes[0].text


def test_the_same_place_in_other_operations_is_another_cause():
    page = {"name": "page", "in": "query"}
    head = copy.deepcopy(PATHS)
    base = copy.deepcopy(PATHS)
    base["/orders/1/"]["get"]["parameters"] = base["/orders/2/"]["get"]["parameters"] = [page]
    head["/orders/1/"]["get"]["parameters"] = [{**page, "required": True}]
    found = causes(document(paths=base), document(paths=head))
    assert [cause.operations for cause in found] == [("GET /orders/1/",), ("GET /orders/2/",)]


class Meta:
    """Stands in for a serializer."""


def test_a_field_of_two_components_is_one_cause():
    paths = copy.deepcopy(PATHS)
    patched = {"application/json": {"schema": {"$ref": "#/components/schemas/PatchedOrder"}}}
    paths["/orders/1/"]["patch"] = {"requestBody": {"content": patched}, "responses": {}}
    schema = {**SCHEMA, "properties": {"note": {"type": "string", "maxLength": 9}}}
    base, head = document(paths=paths), document(schema, paths)
    assert len(causes(base, head)) == 2
    origins = Origins(serializers={"Order": Meta, "PatchedOrder": Meta})
    [cause] = causes(base, head, origins)
    assert cause.place == "components/schemas/Order/properties/note"
    assert "PATCH /orders/1/" in cause.operations
    assert cause.origin.name.endswith("Meta.note")


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("#/components/schemas/A/properties/b/items", "#/components/schemas/A/properties/b"),
        ("#/components/schemas/A/oneOf", "#/components/schemas/A"),
        ("#/components/schemas/A", "#/components/schemas/A"),
        ("/request/body/application~1json/properties/a/enum", None),
        ("/request/parameters/query page", "/request/parameters/query page"),
    ],
)
def test_places(pointer, place):
    assert cause_of(pointer) == (place or "/request/body/application~1json/properties/a")


def test_fingerprints_survive_another_base():
    """What the base was is no part of a change, nor are operations that use the component."""
    tight = copy.deepcopy(SCHEMA)
    tight["properties"]["note"]["maxLength"] = 5
    loose = copy.deepcopy(SCHEMA)
    loose["properties"]["note"]["maxLength"] = 20
    more = {**PATHS, "/more/": {"get": {"responses": {"200": CONTENT}}}}
    fingerprints = [
        {change.fingerprint for change in diff(snapshot_of(base), snapshot_of(head)).changes}
        for base, head in (
            (document(), document(tight)),
            (document(loose), document(tight)),
            (document(paths=more), document(tight, more)),
        )
    ]
    assert fingerprints[0]
    assert fingerprints[0] == fingerprints[1] == fingerprints[2]
    other = copy.deepcopy(tight)
    other["properties"]["note"]["maxLength"] = 4
    found = diff(snapshot_of(document()), snapshot_of(document(other)))
    assert not {change.fingerprint for change in found.changes} & fingerprints[0]
