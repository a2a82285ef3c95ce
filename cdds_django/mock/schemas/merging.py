"""One schema out of several: `$ref` and `allOf` folded into the schema that has them."""

from __future__ import annotations

from typing import Any

from cdds_django.contract.literals import REFERENCE, JsonObject
from cdds_django.mock.schemas.conversion import Schemas

_DEEPEST = 32
_TIGHTER = {
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "minItems": max,
    "minProperties": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
    "maxItems": min,
    "maxProperties": min,
}


class Merger:
    """Folds schemas of one side; a schema is folded once."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self._known: dict[int, tuple[Any, JsonObject]] = {}
        self._alternatives: dict[tuple[int, str], tuple[Any, list[tuple[Any, Any]]]] = {}

    def merged(self, schema: Any, depth: int = 0) -> JsonObject:
        """Return `schema` (converted) without `$ref` and `allOf` of its own.

        It is an approximation where keywords can't be joined; whoever makes a value by it checks
        the value. A schema that allows nothing has `not`.
        """
        if not isinstance(schema, dict):
            return {} if schema is not False else {"not": {}}
        known = self._known.get(id(schema))
        if known is not None:
            return known[1]
        if (REFERENCE not in schema and "allOf" not in schema) or depth > _DEEPEST:
            return schema
        whole = {k: v for k, v in schema.items() if k not in (REFERENCE, "allOf")}
        parts = list(schema.get("allOf", ()))
        if REFERENCE in schema:
            parts.insert(0, self.schemas.retrieve(schema[REFERENCE]))
        for part in parts:
            _join(whole, self.merged(part, depth + 1))
        self._known[id(schema)] = (schema, whole)
        return whole

    def alternatives(self, whole: JsonObject, key: str) -> list[tuple[Any, Any]]:
        """Return each schema of `whole[key]` (an `anyOf` or `oneOf`), and with the rest of `whole`.

        The lists are made once, since caches go by the identity of schemas.
        """
        known = self._alternatives.get((id(whole), key))
        if known is None:
            rest = {k: v for k, v in whole.items() if k not in (key, "discriminator")}
            pairs = [(b, {"allOf": [rest, b]} if rest else b) for b in whole[key]]
            known = self._alternatives[id(whole), key] = (whole, pairs)
        return known[1]

    def identity(self, schema: Any) -> str | None:
        """Return the URI of the one component that `schema` is, None where it is written out."""
        while isinstance(schema, dict):
            if REFERENCE in schema and len(schema) == 1:
                target = self.schemas.retrieve(schema[REFERENCE])
                return self.identity(target) or str(schema[REFERENCE])
            inner = schema.get("allOf")
            if not isinstance(inner, list) or len(inner) != 1 or len(schema) > 1:
                return None
            schema = inner[0]
        return None

    def properties(self, schema: Any) -> dict[str, Any]:
        """Return the properties of the objects that `schema` allows, of the first alternative that
        has some; {} if none are named."""
        whole = self.merged(schema)
        own: dict[str, Any] = whole.get("properties", {})
        branches = [*whole.get("oneOf", ()), *whole.get("anyOf", ())]
        found = (self.merged(branch).get("properties") for branch in branches)
        return own or next((properties for properties in found if properties), {})

    def types(self, schema: Any, depth: int = 0) -> frozenset[str]:
        """Return the names of the types that `schema` allows as far as it says; empty: all."""
        whole = self.merged(schema)
        kind = whole.get("type")
        if isinstance(kind, str):
            return frozenset({kind})
        if isinstance(kind, list):
            return frozenset(kind)
        values = [whole["const"]] if "const" in whole else whole.get("enum")
        if values:
            return frozenset(type_name(value) for value in values)
        for key in ("oneOf", "anyOf"):
            branches = whole.get(key)
            if branches and depth < _DEEPEST:
                found = [self.types(branch, depth + 1) for branch in branches]
                return frozenset().union(*found) if all(found) else frozenset()
        return frozenset()


def type_name(value: Any) -> str:
    """Return the JSON type of a value."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return "null" if value is None else names.get(type(value), "object")


def _join(whole: JsonObject, part: JsonObject) -> None:
    for key, value in part.items():
        if key not in whole:
            whole[key] = value
        elif key == "properties":
            both = dict(value)
            for name, inner in whole[key].items():
                both[name] = {"allOf": [inner, both[name]]} if name in both else inner
            whole[key] = both
        elif key == "required":
            whole[key] = [*value, *(name for name in whole[key] if name not in value)]
        elif key in _TIGHTER:
            whole[key] = _TIGHTER[key](whole[key], value)
        elif key == "type":
            whole[key] = _common_types(whole[key], value)
        elif key == "enum":
            whole[key] = [item for item in whole[key] if item in value] or whole[key]
        elif key in ("readOnly", "writeOnly"):
            whole[key] = whole[key] or value


def _common_types(first: Any, second: Any) -> Any:
    own = first if isinstance(first, list) else [first]
    other = second if isinstance(second, list) else [second]
    common = [name for name in own if name in other]
    if not common and "integer" in own + other and "number" in own + other:
        common = ["integer"]
    return common or first
