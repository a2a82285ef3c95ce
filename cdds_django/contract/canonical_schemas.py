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

from cdds_django.contract.forms import is_big, only_null, without_use
from cdds_django.contract.keywords import COMPOSITIONS, USE_KEYS
from cdds_django.contract.literals import REFERENCE, JsonObject, literal
from cdds_django.contract.references import (
    COMPONENTS,
    UnusableDocumentError,
    list_at,
    resolve,
    target_of,
)
from cdds_django.contract.schema_bodies import BodyReader, Documentation


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
        self._bodies = BodyReader(self.use, self._named, self.inline)

    def use(self, schema: Any, documentation: Documentation) -> JsonObject:
        """Return the canonical form of `schema` where it is used; add its documentation.

        Raises UnusableDocumentError.
        """
        if type(schema) is not dict:
            return self._boolean(schema)
        schema = self._joined(schema)
        if REFERENCE in schema:
            return self._named(schema, documentation)
        return self._placed(self._bodies.read(schema, documentation))

    def drain(self) -> None:
        """Read the components that were referred to and not read yet."""
        while self._pending:
            name, schema = self._pending.pop()
            documentation: Documentation = []
            body = self._bodies.read(schema, documentation)
            if REFERENCE in body:
                body = {"allOf": [body]}
            self.nodes[name] = Node(without_use(body), documentation)

    def _joined(self, schema: JsonObject) -> JsonObject:
        """Return `schema` with either a `$ref` alone or none."""
        if REFERENCE not in schema or len(schema) == 1:
            return schema
        reference = {REFERENCE: schema[REFERENCE]}
        # Beside a $ref, OpenAPI 3.0 ignores every key (section 4.7.23.1), 3.1 none.
        if not self._joins_siblings:
            return reference
        siblings = {key: value for key, value in schema.items() if key != REFERENCE}
        return {**siblings, "allOf": [reference, *list_at(schema, "allOf")]}

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
        form, own = self._component(name, reference, self._joined(schema))
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
        form = self.use(schema, own) if REFERENCE in schema else self._bodies.read(schema, own)
        self._open.discard(reference)
        if is_big(form):
            self.nodes[name] = Node(without_use(form), own)
            own = []
            form = {REFERENCE: name, **{key: form[key] for key in USE_KEYS if key in form}}
        return form, own

    def _placed(self, body: JsonObject) -> JsonObject:
        if not is_big(body):
            return body
        name = f"~{len(self.inline)}"
        self.nodes[name] = Node(without_use(body))
        form = {REFERENCE: name, **{key: body[key] for key in USE_KEYS if key in body}}
        self.inline.append((form, name))
        return form

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
            real = [target for target in targets if not only_null(target)]
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
                    nullable |= only_null(target_of(self.document, branch, "a schema"))
        if nullable:
            found["nullable"] = True
        return found
