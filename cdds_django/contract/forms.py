"""Small questions about canonical schemas, and keywords that are written in several ways."""

from __future__ import annotations

from typing import Any

from cdds_django.contract.keywords import COMPOSITIONS, USE_KEYS
from cdds_django.contract.literals import JsonObject, sorted_literals
from cdds_django.contract.merging import types_of_values

NULL: JsonObject = {"type": "null"}


def is_big(body: JsonObject) -> bool:
    """Whether a canonical form is referred to wherever it is used, instead of standing in place."""
    return "properties" in body or not COMPOSITIONS.isdisjoint(body)


def without_use(body: JsonObject) -> JsonObject:
    """Return a canonical form without what belongs to its use."""
    return {key: value for key, value in body.items() if key not in USE_KEYS}


def only_null(schema: JsonObject) -> bool:
    """Whether a schema, as documents write it, allows null and nothing else."""
    return schema.get("enum") == [None] or schema.get("type") in ("null", ["null"])


def read_enumeration(values: list[Any], body: JsonObject) -> None:
    """Write an enumeration of `values` into `body`; null among them is a key of its own."""
    real = [value for value in values if value is not None]
    if len(real) < len(values) and ("type" not in body or body.get("nullable")):
        body["nullable"] = True
    if values and not real:
        body.clear()
        body.update(NULL)
        return
    body["enum"] = sorted_literals(real)
    if "type" not in body:
        body["type"] = types_of_values(real)


def normalise_bounds(body: JsonObject) -> None:
    """Write 3.0's boolean exclusive bounds as 3.1's numbers (JSON Schema 2020-12, 6.2.3)."""
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = body.get(exclusive)
        if flag is True and bound in body:
            body[exclusive] = body.pop(bound)
        elif flag is True or flag is False:
            del body[exclusive]
