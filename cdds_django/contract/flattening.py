"""An `allOf` as one schema, to compare it with a schema that is not composed.

`allOf: [Order, {properties: {note}}]` means `Order` with one property more. That is how schemas
are extended, so a schema and its extension must not look as if all properties had gone.
"""

from __future__ import annotations

from collections.abc import Mapping

from cdds_django.contract.keywords import USE_KEYS
from cdds_django.contract.literals import REFERENCE, JsonObject
from cdds_django.contract.snapshot_rows import SchemaRow

_DEEPEST = 20
"""Levels of `allOf` that are followed; a schema may refer to itself."""


def flattened(form: JsonObject, schemas: Mapping[str, SchemaRow]) -> JsonObject:
    """Return a canonical schema with the properties and conditions of its `allOf` as its own.

    What two of them say differently of the same keyword stays in `allOf`.
    """
    return _flattened(form, schemas, _DEEPEST)


def _flattened(form: JsonObject, schemas: Mapping[str, SchemaRow], depth: int) -> JsonObject:
    whole = {key: value for key, value in form.items() if key != "allOf"}
    left = []
    for branch in form.get("allOf", ()):
        resolved = _resolved(branch, schemas)
        if depth and "allOf" in resolved:
            resolved = _flattened(resolved, schemas, depth - 1)
        if rest := _merge(whole, resolved):
            left.append(rest)
    if left:
        whole["allOf"] = left
    return whole


def _merge(whole: JsonObject, branch: JsonObject) -> JsonObject:
    """Add `branch` to `whole`; return what contradicts it."""
    rest: JsonObject = {}
    for key, value in branch.items():
        if key == "required":
            whole[key] = sorted({*whole.get(key, ()), *value})
        elif key == "properties":
            known = whole.get(key, {})
            whole[key] = {**value, **known}
            other = {name: form for name, form in value.items() if known.get(name, form) != form}
            if other:
                rest[key] = other
        elif key in USE_KEYS or whole.setdefault(key, value) == value:
            continue
        else:
            rest[key] = value
    return rest


def _resolved(form: JsonObject, schemas: Mapping[str, SchemaRow]) -> JsonObject:
    seen = 0
    while REFERENCE in form and seen < _DEEPEST:
        row = schemas.get(form[REFERENCE])
        form = row.schema if row else {}
        seen += 1
    return form
