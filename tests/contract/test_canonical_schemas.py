"""Schemas that mean the same have one hash; schemas that differ have two."""

from __future__ import annotations

import pytest

VENUE = {"type": "object", "properties": {"name": {"type": "string"}}}
VENUE_REF = {"$ref": "#/components/schemas/Venue"}
NULL_ENUM = {"enum": [None]}

SAME = {
    "order of required": (
        {"type": "object", "required": ["a", "b"]},
        {"type": "object", "required": ["b", "a"]},
    ),
    "order of enum": ({"enum": [1, "b", None]}, {"enum": ["b", None, 1]}),
    "order of anyOf": (
        {"anyOf": [VENUE_REF, {"type": "string"}]},
        {"anyOf": [{"type": "string"}, VENUE_REF]},
    ),
    "component or in place": (VENUE, VENUE_REF),
    "allOf of one": ({"allOf": [VENUE_REF]}, VENUE_REF),
    "allOf of one beside readOnly": (
        {"allOf": [VENUE_REF], "readOnly": True},
        {**VENUE, "readOnly": True},
    ),
    "numbers": ({"type": "number", "maximum": 1.0}, {"type": "number", "maximum": 1}),
    "what says nothing": (
        {"type": "string", "minLength": 0, "nullable": False},
        {"type": "string"},
    ),
    "additionalProperties": ({**VENUE, "additionalProperties": True}, VENUE),
    "documentation": ({"type": "string", "description": "A name", "x-more": 1}, {"type": "string"}),
    "unstable ids": ({"enum": ["a"], "x-spec-enum-id": "1f"}, {"enum": ["a"]}),
    "bare types": (
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": ["integer", "string"]},
    ),
    "enumerations": (
        {"oneOf": [{"enum": ["a"], "type": "string"}, {"enum": [""]}]},
        {"enum": ["", "a"], "type": "string"},
    ),
}

DIFFERENT = {
    "type": ({"type": "string"}, {"type": "integer"}),
    "format": ({"type": "string"}, {"type": "string", "format": "date"}),
    "true is not 1": ({"enum": [True]}, {"enum": [1]}),
    "order of prefixItems": (
        {"prefixItems": [{"type": "string"}, {"type": "integer"}]},
        {"prefixItems": [{"type": "integer"}, {"type": "string"}]},
    ),
    "64-bit bounds": (
        {"type": "integer", "maximum": 9223372036854775807},
        {"type": "integer", "maximum": 9223372036854775806},
    ),
    "nullable": ({"type": "string"}, {"type": "string", "nullable": True}),
    "names of properties": (VENUE, {"type": "object", "properties": {"title": {"type": "string"}}}),
    "data that looks like a reference": (
        {"default": {"$ref": "Venue"}},
        {"default": {"$ref": "Other"}},
    ),
    "allOf beside constraints": ({"allOf": [VENUE_REF], "minProperties": 2}, VENUE_REF),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_same(pair, request_hash):
    schemas = {"Venue": VENUE}
    assert request_hash(pair[0], schemas) == request_hash(pair[1], schemas)


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_different(pair, request_hash):
    schemas = {"Venue": VENUE}
    assert request_hash(pair[0], schemas) != request_hash(pair[1], schemas)


NULLABLE_STRINGS = [
    ({"type": "string", "nullable": True}, "3.0.3"),
    ({"type": ["string", "null"]}, "3.1.0"),
    ({"type": ["null", "string"]}, "3.1.0"),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "3.1.0"),
    ({"oneOf": [{"type": "null"}, {"type": "string"}]}, "3.1.0"),
]


def test_null_is_written_in_many_ways(request_hash):
    assert len({request_hash(schema, {}, version) for schema, version in NULLABLE_STRINGS}) == 1


NULLABLE_VENUES = [
    ({"allOf": [VENUE_REF], "nullable": True}, "3.0.3"),
    ({"oneOf": [VENUE_REF, {"type": "null"}]}, "3.1.0"),
    ({"oneOf": [VENUE_REF, {"$ref": "#/components/schemas/NullEnum"}]}, "3.0.3"),
    ({**VENUE, "type": ["object", "null"]}, "3.1.0"),
    ({"$ref": "#/components/schemas/MaybeVenue"}, "3.0.3"),
]


def test_null_beside_a_component(request_hash):
    schemas = {"Venue": VENUE, "NullEnum": NULL_ENUM, "MaybeVenue": {**VENUE, "nullable": True}}
    hashes = {request_hash(schema, schemas, version) for schema, version in NULLABLE_VENUES}
    assert len(hashes) == 1
    assert request_hash(VENUE_REF, schemas) not in hashes


def test_exclusive_bounds_of_both_versions(request_hash):
    old = {"type": "integer", "minimum": 5, "exclusiveMinimum": True}
    new = {"type": "integer", "exclusiveMinimum": 5}
    assert request_hash(old) == request_hash(new, {}, "3.1.0")


def test_names_of_components_mean_nothing(request_hash):
    one = {"Event": {"properties": {"at": VENUE_REF}}, "Venue": VENUE}
    two = {"E": {"properties": {"at": {"$ref": "#/components/schemas/V"}}}, "V": VENUE}
    assert request_hash({"$ref": "#/components/schemas/Event"}, one) == request_hash(
        {"$ref": "#/components/schemas/E"}, two
    )


def test_an_edit_deep_below_is_seen(request_hash):
    def schemas(kind):
        return {
            "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
            "B": {"type": "array", "items": {"$ref": "#/components/schemas/C"}},
            "C": {"properties": {"d": {"type": kind}}},
        }

    top = {"$ref": "#/components/schemas/A"}
    assert request_hash(top, schemas("string")) != request_hash(top, schemas("integer"))


def test_siblings_of_a_reference_count_in_3_1_only(request_hash):
    with_default = {**VENUE_REF, "default": {}}
    assert request_hash(with_default, {"Venue": VENUE}) == request_hash(VENUE_REF, {"Venue": VENUE})
    assert request_hash(with_default, {"Venue": VENUE}, "3.1.0") != request_hash(
        VENUE_REF, {"Venue": VENUE}, "3.1.0"
    )


def test_documentation_is_told_apart(request_hash, documentation_hash):
    def schemas(text):
        return {"Venue": {"properties": {"name": {"type": "string", "description": text}}}}

    assert request_hash(VENUE_REF, schemas("a")) == request_hash(VENUE_REF, schemas("b"))
    assert documentation_hash(VENUE_REF, schemas("a")) != documentation_hash(
        VENUE_REF, schemas("b")
    )


def test_a_text_moved_to_another_property_is_other_documentation(documentation_hash):
    described, bare = {"type": "string", "description": "x"}, {"type": "string"}
    assert documentation_hash({"properties": {"a": described, "b": bare}}) != documentation_hash(
        {"properties": {"a": bare, "b": described}}
    )


@pytest.mark.parametrize(("version", "own"), [("3.0.3", False), ("3.1.0", True)])
def test_a_component_that_is_a_reference_with_siblings(version, own, request_hash):
    """3.0 ignores what stands beside a $ref, 3.1 joins it; a circle through it ends."""
    schemas = {
        "Base": {"type": "object", "properties": {"a": {"type": "string"}}},
        "Node": {
            "$ref": "#/components/schemas/Base",
            "properties": {"next": {"$ref": "#/components/schemas/Node"}},
        },
    }
    node = request_hash({"$ref": "#/components/schemas/Node"}, schemas, version)
    base = request_hash({"$ref": "#/components/schemas/Base"}, schemas, version)
    assert (node != base) == own
