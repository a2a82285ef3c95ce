"""The places of two contracts that rules look at, each with what it was and what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from cdds_django.contract.changes import Finding
from cdds_django.contract.keywords import USE_KEYS
from cdds_django.contract.literals import REFERENCE, JsonObject
from cdds_django.contract.snapshot_rows import OperationRow, SchemaRow

Direction = Literal["request", "response"]
Schemas = Mapping[str, SchemaRow]


def resolved(form: JsonObject, schemas: Schemas) -> JsonObject:
    """Return the schema that the canonical `form` uses, with the keys of this use."""
    while REFERENCE in form:
        row = schemas.get(form[REFERENCE])
        use = {key: form[key] for key in USE_KEYS if key in form}
        # A snapshot edited by hand may lack the schema; anything is then allowed here.
        form = {**(row.schema if row else {}), **use}
    return form


@dataclass(frozen=True, kw_only=True)
class SchemaSite:
    """One schema in use, on both sides."""

    base: JsonObject
    """Resolved: never a `$ref` itself."""
    head: JsonObject
    base_schemas: Schemas
    head_schemas: Schemas
    direction: Direction
    subject: str
    """Beginning of rule ids: request-body, request-parameter, response-property, …"""
    name: str
    """For people: "the property `status`", "the request body"."""
    was_required: bool = True
    """Whether a property was required by its parent."""
    is_required: bool = True

    @property
    def is_request(self) -> bool:
        return self.direction == "request"

    @cached_property
    def base_properties(self) -> Mapping[str, JsonObject]:
        """By name, resolved."""
        return _properties(self.base, self.base_schemas)

    @cached_property
    def head_properties(self) -> Mapping[str, JsonObject]:
        return _properties(self.head, self.head_schemas)

    @property
    def base_required(self) -> frozenset[str]:
        return frozenset(self.base.get("required", ()))

    @property
    def head_required(self) -> frozenset[str]:
        return frozenset(self.head.get("required", ()))

    @property
    def property_subject(self) -> str:
        """Beginning of rule ids for the properties of this schema."""
        return property_subject(self.subject)

    def values(self, key: str) -> tuple[Any, Any]:
        """Return what `key` was and is, None where it is not written."""
        return self.base.get(key), self.head.get(key)


@dataclass(frozen=True, kw_only=True)
class OperationSite:
    """One operation that both sides have."""

    base: OperationRow
    head: OperationRow


SchemaRule = Callable[[SchemaSite], Iterator[Finding]]
OperationRule = Callable[[OperationSite], Iterator[Finding]]


def property_subject(subject: str) -> str:
    """Return the beginning of rule ids for properties below `subject`."""
    if subject.startswith("request-parameter"):
        return "request-parameter-property"
    return f"{subject.split('-', 1)[0]}-property"


def hidden(schema: JsonObject, direction: Direction) -> bool:
    """Whether a property isn't part of this direction (OpenAPI 3.1, readOnly and writeOnly)."""
    return bool(schema.get("readOnly" if direction == "request" else "writeOnly"))


def _properties(schema: JsonObject, schemas: Schemas) -> Mapping[str, JsonObject]:
    properties = schema.get("properties", {})
    return {name: resolved(form, schemas) for name, form in properties.items()}
