"""Schemas in canonical form: what they allow, not how they are written.

A canonical schema is a JSON object with these differences from OpenAPI's:

- `nullable` is a key of its own, whether the document wrote `nullable: true` (3.0), a type list
  with "null" (3.1) or an alternative that only allows null;
- a schema with properties or a composition is referred to by `$ref`, whether the document wrote
  it in place or as a component; any other schema stands in place, even if it was a component;
- keys that belong to the use of a schema (USE_KEYS) stand beside the `$ref`;
- an `allOf`, `anyOf` or `oneOf` of one schema is that schema; alternatives that are all
  enumerations are one enumeration (drf-spectacular writes BlankEnum and NullEnum beside others),
  and those that are all bare types are one list of types;
- keys that say nothing (`required: []`, `minLength: 0`) are gone.

Documentation is collected apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cdds_django.contract.keywords import (
    COMPOSITIONS,
    DOCUMENTATION_KEYS,
    KEPT_EXTENSIONS,
    NO_OPERATION,
    SCHEMA_KEYS,
    SCHEMA_LIST_KEYS,
    SCHEMA_MAP_KEYS,
    UNSTABLE_KEYS,
    USE_KEYS,
)
from cdds_django.contract.literals import (
    REFERENCE,
    JsonObject,
    literal,
    sorted_literals,
    text_of,
)
from cdds_django.contract.merging import (
    collapsed,
    merged_enumerations,
    merged_types,
    types_of_values,
)
from cdds_django.contract.references import (
    COMPONENTS,
    UnusableDocumentError,
    list_at,
    object_at,
    resolve,
    target_of,
)

NULL: JsonObject = {"type": "null"}

Documentation = list[Any]
"""Documentation of one node in reading order: (key, value) pairs and names of places."""


@dataclass
class Node:
    """A schema that others refer to: a component, or a big schema written in place."""

    body: JsonObject
    documentation: Documentation = field(default_factory=list)


class SchemaReader:
    """Reads the schemas of one document, each component once, into `nodes`."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self.nodes: dict[str, Node] = {}
        """By name: a component's name, a pointer (`#/…`), or `~N` for one written in place."""
        self.inline: list[tuple[JsonObject, str]] = []
        """Each use of a node written in place, to put its body back for people to read."""
        self._joins_siblings = not str(document.get("openapi", "")).startswith("3.0")
        self._known: dict[str, tuple[JsonObject, Documentation]] = {}
        self._open: set[str] = set()
        self._pending: list[tuple[str, JsonObject]] = []

    def use(self, schema: Any, documentation: Documentation) -> JsonObject:
        """Return the canonical form of `schema` where it is used; add its documentation.

        Raises UnusableDocumentError.
        """
        if type(schema) is not dict:
            return self._boolean(schema)
        if REFERENCE in schema:
            siblings = {key: value for key, value in schema.items() if key != REFERENCE}
            reference = {REFERENCE: schema[REFERENCE]}
            # Beside a $ref, OpenAPI 3.0 ignores every key (section 4.7.23.1), 3.1 none.
            if not siblings or not self._joins_siblings:
                return self._named(schema, documentation)
            schema = {**siblings, "allOf": [reference, *list_at(schema, "allOf")]}
        return self._placed(self._body(schema, documentation))

    def drain(self) -> None:
        """Read the components that were referred to and not read yet."""
        while self._pending:
            name, schema = self._pending.pop()
            documentation: Documentation = []
            body = self._body(schema, documentation)
            if REFERENCE in body:
                body = {"allOf": [body]}
            self.nodes[name] = Node(_without_use(body), documentation)

    def _boolean(self, schema: object) -> JsonObject:
        if schema is True:
            return {}
        if schema is False:
            return {"not": {}}
        raise UnusableDocumentError(schema, f"a schema must be an object, not {schema!r}.")

    def _named(self, holder: JsonObject, documentation: Documentation) -> JsonObject:
        reference = holder[REFERENCE]
        if type(reference) is str and reference in self._known:
            form, own = self._known[reference]
            documentation += own
            return form
        schema = resolve(self.document, reference, holder)
        if type(schema) is not dict:
            return self._boolean(schema)
        name = reference.removeprefix(COMPONENTS)
        form, own = self._component(name, reference, schema)
        self._known[reference] = form, own
        documentation += own
        return form

    def _component(
        self, name: str, reference: str, schema: JsonObject
    ) -> tuple[JsonObject, Documentation]:
        if self._is_surely_big(schema):
            # Read later, which ends every cycle through properties and keeps recursion flat.
            self._pending.append((name, schema))
            return {REFERENCE: name, **self._use_keys(schema)}, []
        if reference in self._open:
            if REFERENCE in schema:
                raise UnusableDocumentError(schema, f"$ref {reference!r} refers to itself.")
            # A cycle with neither properties nor a composition in it, such as an array of itself.
            self._pending.append((name, schema))
            return {REFERENCE: name}, []
        own: Documentation = []
        self._open.add(reference)
        form = self.use(schema, own) if REFERENCE in schema else self._body(schema, own)
        self._open.discard(reference)
        if _is_big(form):
            self.nodes[name] = Node(_without_use(form), own)
            own = []
            form = {REFERENCE: name, **{key: form[key] for key in USE_KEYS if key in form}}
        return form, own

    def _placed(self, body: JsonObject) -> JsonObject:
        if not _is_big(body):
            return body
        name = f"~{len(self.inline)}"
        self.nodes[name] = Node(_without_use(body))
        form = {REFERENCE: name, **{key: body[key] for key in USE_KEYS if key in body}}
        self.inline.append((form, name))
        return form

    def _body(self, schema: JsonObject, documentation: Documentation) -> JsonObject:
        body: JsonObject = {}
        for key in sorted(schema):
            value = schema[key]
            if key in DOCUMENTATION_KEYS:
                documentation.append((key, value))
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
        _normalise_bounds(body)
        if "enum" in schema:
            _read_enumeration(list_at(schema, "enum"), body)
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
        form = self.use(value, documentation)
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
            forms[name] = self.use(children[name], documentation)
            if len(documentation) != mark:
                documentation.insert(mark, name)
        return forms

    def _list(self, schema: JsonObject, key: str, documentation: Documentation) -> list[JsonObject]:
        forms, notes = [], []
        for child in list_at(schema, key):
            own: Documentation = []
            forms.append(self.use(child, own))
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
        elif key == "required":
            if type(value) is list and value:
                body[key] = sorted({str(name) for name in value})
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
                self.inline.append((joined, joined[REFERENCE]))
            body = joined
        if body == {"nullable": True}:
            return dict(NULL)
        return body

    def _is_surely_big(self, schema: JsonObject) -> bool:
        """Whether the canonical form has properties or a composition, told without reading it."""
        if schema.get("properties"):
            return True
        for key in COMPOSITIONS:
            targets = [
                target_of(self.document, branch, "a schema")
                for branch in list_at(schema, key)
                if type(branch) is dict
            ]
            real = [target for target in targets if not _only_null(target)]
            simple = all("enum" in target or target.keys() == {"type"} for target in real)
            if len(real) > 1 and not (simple and key != "allOf"):
                return True
        return False

    def _use_keys(self, schema: JsonObject) -> JsonObject:
        """Return those keys of a big schema that belong to its use."""
        found: JsonObject = {}
        for key in USE_KEYS:
            value = schema.get(key)
            if value is not None and value is not False:
                found[key] = literal(value)
        types = schema.get("type")
        nullable = type(types) is list and "null" in types and len(types) > 1
        for key in ("anyOf", "oneOf"):
            for branch in list_at(schema, key):
                if type(branch) is dict:
                    nullable |= _only_null(target_of(self.document, branch, "a schema"))
        if nullable:
            found["nullable"] = True
        return found


def _is_big(body: JsonObject) -> bool:
    return "properties" in body or not COMPOSITIONS.isdisjoint(body)


def _without_use(body: JsonObject) -> JsonObject:
    return {key: value for key, value in body.items() if key not in USE_KEYS}


def _only_null(schema: JsonObject) -> bool:
    return schema.get("enum") == [None] or schema.get("type") in ("null", ["null"])


def _read_enumeration(values: list[Any], body: JsonObject) -> None:
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


def _normalise_bounds(body: JsonObject) -> None:
    """Write 3.0's boolean exclusive bounds as 3.1's numbers (JSON Schema 2020-12, 6.2.3)."""
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = body.get(exclusive)
        if flag is True and bound in body:
            body[exclusive] = body.pop(bound)
        elif flag is True or flag is False:
            del body[exclusive]
