"""The places of two contracts that rules look at, each with what it was and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from cdds_django.contract.keywords import USE_KEYS
from cdds_django.contract.literals import REFERENCE, JsonObject
from cdds_django.contract.references import escaped
from cdds_django.contract.snapshot_rows import OperationRow, SchemaRow, Snapshot

Direction = Literal["request", "response"]
Schemas = Mapping[str, SchemaRow]

_UNSEEN: Mapping[Direction, str] = {
    "request": "request-read-only-property",
    "response": "response-write-only-property",
}


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
    """The place as rule ids begin: request-body, request-parameter, response-property, …"""
    name: str
    """For people: "the property `status`", "the request body"."""
    is_wrapped: bool = False
    """Whether one side is written as the only alternative, since the other side has it as one."""
    is_text: bool = False
    """Whether values travel as text without types, as parameters, headers and XML do."""

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
    def common_properties(self) -> list[str]:
        """The names of properties that both sides have, sorted."""
        return sorted(self.base_properties.keys() & self.head_properties.keys())

    @property
    def base_required(self) -> frozenset[str]:
        return frozenset(self.base.get("required", ()))

    @property
    def head_required(self) -> frozenset[str]:
        return frozenset(self.head.get("required", ()))

    def values(self, key: str) -> tuple[Any, Any]:
        """Return what `key` was and is, None where it is not written."""
        return self.base.get(key), self.head.get(key)

    def hides(self, name: str) -> bool:
        """Whether the property `name` is no part of this direction, or is none any more."""
        if self.subject == _UNSEEN[self.direction]:
            return True
        schema = self.head_properties.get(name) or self.base_properties.get(name, {})
        return bool(schema.get("readOnly" if self.is_request else "writeOnly"))

    def subject_of(self, name: str) -> str:
        """Return the place of the property `name` as rule ids begin."""
        return _UNSEEN[self.direction] if self.hides(name) else property_subject(self.subject)

    def part_of(self, name: str) -> str:
        """Return the rest of a pointer to the property `name`."""
        return f"/properties/{escaped(name)}"


@dataclass(frozen=True, kw_only=True)
class OperationSite:
    """One operation that both sides have."""

    base: OperationRow
    head: OperationRow
    documents: DocumentSite


@dataclass(frozen=True, kw_only=True)
class DocumentSite:
    """Two whole contracts."""

    base: Snapshot
    head: Snapshot
    today: date
    """What announced dates are compared with."""


def property_subject(subject: str) -> str:
    """Return the place of properties below the place `subject`, as rule ids begin."""
    if subject in _UNSEEN.values():
        return subject
    if subject.startswith("request-header"):
        return "request-header-property"
    if subject.startswith("request-parameter"):
        return "request-parameter-property"
    return f"{subject.split('-', 1)[0]}-property"


def item_subject(subject: str) -> str:
    """Return the place of an array's items: those of a parameter count as the parameter."""
    if subject in ("request-parameter", "request-header-parameter"):
        return subject
    return property_subject(subject)


def _properties(schema: JsonObject, schemas: Schemas) -> Mapping[str, JsonObject]:
    properties = schema.get("properties", {})
    return {name: resolved(form, schemas) for name, form in properties.items()}
