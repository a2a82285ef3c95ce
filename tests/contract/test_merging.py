"""Joining canonical schemas."""

from __future__ import annotations

from cdds_django.contract.merging import collapsed, merged_enumerations, types_of_values


def test_keys_of_the_use_stand_beside_a_reference():
    assert collapsed({"readOnly": True}, {"$ref": "Venue"}) == {"$ref": "Venue", "readOnly": True}


def test_constraints_do_not():
    assert collapsed({"minProperties": 1}, {"$ref": "Venue"}) is None


def test_contradictions_stay_apart():
    assert collapsed({"type": "string"}, {"type": "integer"}) is None
    assert collapsed({"minLength": 1}, {"type": "string"}) == {"type": "string", "minLength": 1}


def test_only_plain_enumerations_are_joined():
    small = {"enum": ["a"], "type": "string"}
    assert merged_enumerations([small, {"enum": [1], "type": "integer", "nullable": True}]) == [
        {"enum": ["a", 1], "type": ["integer", "string"], "nullable": True}
    ]
    assert merged_enumerations([small, {"type": "string"}]) is None
    assert merged_enumerations([small]) is None


def test_types_of_values():
    assert types_of_values([True]) == "boolean"
    assert types_of_values([1, 1.5, "a"]) == ["integer", "number", "string"]
