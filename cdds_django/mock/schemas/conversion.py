"""Schemas of OpenAPI as JSON Schema 2020-12, seen from one side: what is sent, or what is received.

jsonschema-rs knows nothing of OpenAPI 3.0's `nullable`, boolean exclusive bounds, `readOnly`,
`writeOnly` and integer formats (3.0.3, section 4.7.24), so they are written in its terms. A `$ref`
becomes a URI of this module's own, and what it names is converted when somebody asks for it.
"""

from __future__ import annotations

from typing import Any, Literal

from cdds_django.contract.keywords import SCHEMA_KEYS, SCHEMA_LIST_KEYS, SCHEMA_MAP_KEYS
from cdds_django.contract.literals import REFERENCE, JsonObject
from cdds_django.contract.references import UnusableDocumentError, resolve
from cdds_django.mock.schemas.patterns import usable_pattern

DOUBTFUL_NULL = "x-doubtful-null"
"""Set on a converted schema that allows null though OpenAPI 3.0.3 says that it doesn't: `nullable`
beside an `allOf` or an `enum` without null (section 4.7.24, and proposal 2019-10-31). Many
documents mean it all the same, drf-spectacular's among them; so it is taken, and not given."""

Direction = Literal["request", "response"]

_PREFIX = "urn:cdds-mock:"
_MAPS = SCHEMA_MAP_KEYS | {"$defs", "definitions"}
_COPIED = frozenset(
    {
        "type",
        "enum",
        "const",
        "multipleOf",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minContains",
        "maxContains",
        "minProperties",
        "maxProperties",
        "required",
        "dependentRequired",
        "format",
        "readOnly",
        "writeOnly",
        "default",
        "example",
        "examples",
        "discriminator",
        "contentMediaType",
        "contentEncoding",
    }
)
"""Keywords that mean the same in both, and those that values are made from."""

_INTEGER_BOUNDS = {"int32": 2**31, "int64": 2**63}
_HIDDEN: dict[Direction, str] = {"request": "readOnly", "response": "writeOnly"}


class Schemas:
    """The schemas of one document as one side sees them."""

    def __init__(self, document: JsonObject, direction: Direction) -> None:
        self.document = document
        self.direction = direction
        self.warnings: list[str] = []
        """What of the document had to be left out of account."""
        self._hidden = _HIDDEN[direction]
        self._joins_siblings = not str(document.get("openapi", "")).startswith("3.0")
        self._references: list[str] = []
        self._uris: dict[str, str] = {}
        self._converted: dict[str, Any] = {}

    def retrieve(self, uri: str) -> Any:
        """Return the schema that a `$ref` of a converted schema names.

        Raises UnusableDocumentError.
        """
        known = self._converted.get(uri)
        if known is None:
            reference = self._references[int(uri.removeprefix(_PREFIX))]
            known = self.convert(resolve(self.document, reference, self.document))
            self._converted[uri] = known
        return known

    def name(self, uri: str) -> str:
        """Return the reference, such as `#/components/schemas/Order`, that became `uri`."""
        return self._references[int(uri.removeprefix(_PREFIX))]

    def convert(self, schema: Any) -> Any:
        """Return `schema`, as the document writes it, as JSON Schema 2020-12.

        Raises UnusableDocumentError.
        """
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, dict):
            raise UnusableDocumentError(schema, f"a schema must be an object, not {schema!r}.")
        if REFERENCE in schema:
            uri = self._uri(schema[REFERENCE], schema)
            if len(schema) == 1 or not self._joins_siblings:
                return {REFERENCE: uri}
            rest = self._keywords({k: v for k, v in schema.items() if k != REFERENCE})
            return self._with_null(schema, {REFERENCE: uri, **rest})
        return self._with_null(schema, self._keywords(schema))

    def _uri(self, reference: Any, holder: JsonObject) -> str:
        known = self._uris.get(reference) if isinstance(reference, str) else None
        if known is None:
            resolve(self.document, reference, holder)
            known = f"{_PREFIX}{len(self._references)}"
            self._references.append(reference)
            self._uris[reference] = known
        return known

    def _keywords(self, schema: JsonObject) -> JsonObject:
        written: JsonObject = {}
        for key, value in schema.items():
            if key in _COPIED:
                written[key] = value
            elif key in _MAPS and isinstance(value, dict):
                written[key] = {name: self.convert(inner) for name, inner in value.items()}
            elif key in SCHEMA_LIST_KEYS and isinstance(value, list):
                written[key] = [self.convert(inner) for inner in value]
            elif key in SCHEMA_KEYS:
                written[key] = self.convert(value)
            elif key == "pattern":
                if usable_pattern(value):
                    written[key] = value
                else:
                    self.warnings.append(f"The pattern {value!r} can't be read and isn't checked.")
        _write_bounds(written)
        self._hide(written)
        return written

    def _hide(self, written: JsonObject) -> None:
        """Leave out what this side doesn't see; the branches of an `allOf` are one object."""
        hidden = self._hidden_names(written)
        for branch in written.get("allOf", ()):
            if isinstance(branch, dict):
                hidden |= self._hidden_names(branch)
        if not hidden:
            return
        for part in (written, *written.get("allOf", ())):
            if not isinstance(part, dict):
                continue
            if isinstance(part.get("required"), list):
                part["required"] = [name for name in part["required"] if name not in hidden]
            properties = part.get("properties", {})
            for name in hidden & properties.keys():
                # What a client shouldn't send, a server ignores; what a server shouldn't send
                # must not be there (OpenAPI 3.0.3, section 4.7.24.1).
                properties[name] = self.direction == "request"

    def _hidden_names(self, written: JsonObject) -> set[str]:
        if REFERENCE in written:
            properties = self._target(written).get("properties")
        else:
            properties = written.get("properties")
        if not isinstance(properties, dict):
            return set()
        return {name for name, inner in properties.items() if self._is_hidden(inner)}

    def _is_hidden(self, schema: Any) -> bool:
        # The document's own schemas are asked, not the converted ones, which may not be there yet.
        for _ in range(8):
            if not isinstance(schema, dict):
                return False
            if schema.get(self._hidden) is True:
                return True
            inner = schema.get("allOf")
            if REFERENCE in schema:
                schema = self._target(schema)
            elif isinstance(inner, list) and len(inner) == 1:
                schema = inner[0]
            else:
                return False
        return False

    def _target(self, holder: JsonObject) -> Any:
        reference = holder[REFERENCE]
        if isinstance(reference, str) and reference.startswith(_PREFIX):
            reference = self.name(reference)
        return resolve(self.document, reference, holder)

    def _with_null(self, schema: JsonObject, written: JsonObject) -> JsonObject:
        if schema.get("nullable") is not True:
            return written
        kind = written.get("type")
        if isinstance(kind, str) and "enum" not in written and "const" not in written:
            return {**written, "type": [kind, "null"]}
        if isinstance(kind, list) and "enum" not in written and "const" not in written:
            return {**written, "type": [*kind, "null"]} if "null" not in kind else written
        outside = ("default", "example", "examples", "readOnly", "writeOnly")
        with_null: JsonObject = {
            "anyOf": [
                {key: value for key, value in written.items() if key not in outside},
                {"type": "null"},
            ],
            **{key: written[key] for key in outside if key in written},
        }
        if not self._joins_siblings and None not in written.get("enum", ()):
            with_null[DOUBTFUL_NULL] = True
        return with_null


def _write_bounds(written: JsonObject) -> None:
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = written.get(exclusive)
        if flag is True and bound in written:
            written[exclusive] = written.pop(bound)
        elif isinstance(flag, bool):
            del written[exclusive]
    limit = _INTEGER_BOUNDS.get(str(written.get("format")))
    if limit and written.get("type") == "integer":
        written.setdefault("maximum", limit - 1)
        written.setdefault("minimum", -limit)
