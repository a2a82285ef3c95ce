"""The keywords of one schema in canonical form; `canonical_schemas` says what that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdds_django.contract.forms import NULL, normalise_bounds, read_enumeration
from cdds_django.contract.keywords import (
    COMPOSITIONS,
    DOCUMENTATION_KEYS,
    KEPT_EXTENSIONS,
    NO_OPERATION,
    SCHEMA_KEYS,
    SCHEMA_LIST_KEYS,
    SCHEMA_MAP_KEYS,
    UNSTABLE_KEYS,
)
from cdds_django.contract.literals import REFERENCE, JsonObject, literal, settled, text_of
from cdds_django.contract.merging import collapsed, merged_enumerations, merged_types
from cdds_django.contract.references import (
    COMPONENTS,
    UnusableDocumentError,
    list_at,
    object_at,
)

Documentation = list[Any]
"""Documentation of one node in reading order: (key, value) pairs and names of places."""

Reader = Callable[[Any, Documentation], JsonObject]
"""Returns the canonical form of a schema, or of what a `$ref` names, and adds its documentation."""


class BodyReader:
    """Reads the keywords of schemas; the schemas below them are read by the functions given."""

    def __init__(self, use: Reader, named: Reader, inline: list[tuple[JsonObject, str]]) -> None:
        self._use = use
        self._named = named
        self._inline = inline

    def read(self, schema: JsonObject, documentation: Documentation) -> JsonObject:
        """Return the form of `schema`, which is no `$ref`. Raises UnusableDocumentError."""
        body: JsonObject = {}
        for key in sorted(schema):
            value = schema[key]
            if key in DOCUMENTATION_KEYS:
                documentation.append((key, settled(value)))
            elif key == "type":
                self._read_type(schema, value, body)
            elif key in SCHEMA_MAP_KEYS:
                if forms := self._map(schema, key, documentation):
                    body[key] = forms
            elif key in SCHEMA_KEYS:
                self._read_schema(key, value, body, documentation)
            elif key in SCHEMA_LIST_KEYS:
                body[key] = self._list(schema, key, documentation)
            elif key not in UNSTABLE_KEYS and value is not None:
                self._read_value(schema, key, value, body, documentation)
        normalise_bounds(body)
        if "enum" in schema:
            read_enumeration(list_at(schema, "enum"), body)
        if not COMPOSITIONS.isdisjoint(body):
            return self._composed(schema, body)
        return body

    def _read_type(self, schema: JsonObject, value: object, body: JsonObject) -> None:
        if type(value) is str:
            body["type"] = value
        elif type(value) is list and all(type(item) is str for item in value):
            names = sorted({item for item in value if item != "null"})
            if "null" in value and names:
                body["nullable"] = True
            body["type"] = names[0] if len(names) == 1 else names or "null"
        elif value is not None:
            raise UnusableDocumentError(
                schema, f"type must be a name or a list of names, not {value}."
            )

    def _read_schema(
        self, key: str, value: Any, body: JsonObject, documentation: Documentation
    ) -> None:
        if type(value) is list and key == "items":
            raise UnusableDocumentError(
                value, "items must be a schema; a list is written prefixItems."
            )
        mark = len(documentation)
        form = self._use(value, documentation)
        if len(documentation) != mark:
            documentation.insert(mark, key)
        # Absent and "anything" are the same; so `additionalProperties: true` says nothing.
        if form or key in ("not", "contains"):
            body[key] = form

    def _map(
        self, schema: JsonObject, key: str, documentation: Documentation
    ) -> dict[str, JsonObject]:
        children = object_at(schema, key)
        forms = {}
        for name in sorted(children):
            mark = len(documentation)
            forms[name] = self._use(children[name], documentation)
            if len(documentation) != mark:
                documentation.insert(mark, name)
        return forms

    def _list(self, schema: JsonObject, key: str, documentation: Documentation) -> list[JsonObject]:
        forms, notes = [], []
        for child in list_at(schema, key):
            own: Documentation = []
            forms.append(self._use(child, own))
            if own:
                notes.append(text_of(own))
        documentation += sorted(notes) if key in COMPOSITIONS else notes
        return forms

    def _read_value(
        self,
        schema: JsonObject,
        key: str,
        value: Any,
        body: JsonObject,
        documentation: Documentation,
    ) -> None:
        if key.startswith("x-") and key not in KEPT_EXTENSIONS:
            documentation.append((key, value))
        elif key == "format" and type(value) is not str:
            raise UnusableDocumentError(schema, f"format must be a name, not {value}.")
        elif key == "required":
            if type(value) is list and value:
                body[key] = sorted({str(name) for name in value})
        elif key == "dependentRequired":
            conditions = object_at(schema, key)
            body[key] = {
                name: sorted(map(str, list_at(conditions, name))) for name in sorted(conditions)
            }
        elif key == "discriminator":
            body[key] = self._discriminator(schema)
        elif key in NO_OPERATION and NO_OPERATION[key] == value:
            pass
        elif key != "enum":
            body[key] = literal(value)

    def _discriminator(self, schema: JsonObject) -> JsonObject:
        discriminator = object_at(schema, "discriminator")
        targets = {
            child[REFERENCE].rsplit("/", 1)[-1]: child[REFERENCE]
            for key in ("oneOf", "anyOf")
            for child in list_at(schema, key)
            if type(child) is dict and type(child.get(REFERENCE)) is str
        }
        # Without a mapping, the names of the schemas are the values (OpenAPI 3.1, section 4.8.25).
        explicit = object_at(discriminator, "mapping")
        if not all(type(target) is str for target in explicit.values()):
            raise UnusableDocumentError(explicit, "a mapping leads from values to schemas' names.")
        mapped = set(explicit.values())
        mapping = {name: target for name, target in targets.items() if target not in mapped}
        for value, target in explicit.items():
            mapping[value] = target if "#" in target else f"{COMPONENTS}{target}"
        return {
            "propertyName": literal(discriminator.get("propertyName")),
            "mapping": {
                value: self._named({REFERENCE: target}, [])
                for value, target in sorted(mapping.items())
            },
        }

    def _composed(self, schema: JsonObject, body: JsonObject) -> JsonObject:
        for key in ("allOf", "anyOf", "oneOf"):
            if key not in body:
                continue
            branches = body.pop(key)
            if key != "allOf":
                kept = [branch for branch in branches if branch != NULL]
                if len(kept) < len(branches):
                    body["nullable"] = True
                branches = merged_enumerations(kept) or merged_types(kept) or kept
            if not branches:
                continue
            single = len(branches) == 1 and "discriminator" not in schema
            joined = collapsed(body, branches[0]) if single else None
            if joined is None:
                body[key] = branches
                continue
            if joined.get(REFERENCE, "").startswith("~"):
                self._inline.append((joined, joined[REFERENCE]))
            body = joined
        if body == {"nullable": True}:
            return dict(NULL)
        return body
