"""Joining canonical schemas that several pieces of a document describe together."""

from __future__ import annotations

from typing import Any

from cdds_django.contract.keywords import COMPOSITIONS, USE_KEYS
from cdds_django.contract.literals import REFERENCE, JsonObject, sorted_literals

_ENUMERATION_KEYS = frozenset({"type", "enum", "nullable"})


def collapsed(outer: JsonObject, single: JsonObject) -> JsonObject | None:
    """Return one form for a schema `outer` whose only composed schema is `single`.

    That is how drf-spectacular writes a nested serializer with `read_only=True`. None when both
    say something different about the same key, or a constraint stands beside a reference.
    """
    if not outer:
        return single
    if REFERENCE in single and not outer.keys() <= set(USE_KEYS):
        return None
    if any(single.get(key, value) != value for key, value in outer.items() if key not in USE_KEYS):
        return None
    if not COMPOSITIONS.isdisjoint(outer):
        return None
    return {**single, **outer}


def merged_enumerations(branches: list[JsonObject]) -> list[JsonObject] | None:
    """Return one enumeration in a list for alternatives that all are enumerations, else None."""
    if len(branches) < 2 or not all(
        "enum" in branch and branch.keys() <= _ENUMERATION_KEYS for branch in branches
    ):
        return None
    values = sorted_literals([value for branch in branches for value in branch["enum"]])
    joined: JsonObject = {"enum": values, "type": types_of_values(values)}
    if any(branch.get("nullable") for branch in branches):
        joined["nullable"] = True
    return [joined]


def merged_types(branches: list[JsonObject]) -> list[JsonObject] | None:
    """Return one list of types in a list for alternatives that are bare types, else None."""
    if len(branches) < 2 or not all(
        branch.keys() == {"type"} and isinstance(branch["type"], str) for branch in branches
    ):
        return None
    names = sorted({branch["type"] for branch in branches})
    # Each alternative of a oneOf refuses what another takes: integers are numbers.
    if len(names) < len(branches) or {"integer", "number"} <= set(names):
        return None
    return [{"type": names}]


def types_of_values(values: list[Any]) -> str | list[str]:
    """Return the JSON Schema type of `values`, a sorted list where they differ."""
    names = sorted({_type_of(value) for value in values})
    return names[0] if len(names) == 1 else names


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, dict) else "null"
