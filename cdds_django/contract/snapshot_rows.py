"""What a contract snapshot holds: a row for each operation and the schemas that they share."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cdds_django.contract.literals import JsonObject


@dataclass(frozen=True, kw_only=True)
class OperationRow:
    """One operation of a snapshot."""

    operation_id: str
    method: str
    """In capitals."""
    path: str
    request_hash: str
    """Of parameters, body, security, servers and callbacks, closed over their schemas."""
    response_hash: str
    """Of all responses, closed over their schemas."""
    documentation_hash: str
    """Of everything that only people read, here and in the schemas below."""
    lifecycle: JsonObject
    """`deprecated`, `x-sunset`, `x-stability-level`, where written."""
    tags: tuple[str, ...] = ()
    """Sorted; documentation, and in no hash."""
    request: JsonObject
    """Canonical (see `canonical.CanonicalOperation`); `$ref` names a schema of the snapshot."""
    responses: JsonObject

    @property
    def label(self) -> str:
        """Method and path: `GET /api/events/`."""
        return f"{self.method} {self.path}"

    @property
    def contract(self) -> tuple[str, str]:
        """What must be equal for two operations to promise the same."""
        return self.request_hash, self.response_hash


@dataclass(frozen=True, kw_only=True)
class SchemaRow:
    """A component that operations share."""

    digest: str
    """Of the schema, closed over what it refers to."""
    schema: JsonObject
    """Canonical; `$ref` names another schema of the snapshot."""


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """What a document says of all its operations together; in no hash of an operation."""

    version: str = ""
    """`info.version`, empty where there is none."""
    security: list[Any] = field(default_factory=list)
    """The requirements that operations take over, as in the requests of operations."""
    schemes: Mapping[str, JsonObject] = field(default_factory=dict)
    """The security schemes by name."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The contract of one document."""

    operations: tuple[OperationRow, ...]
    """In the order of paths, then methods."""
    webhooks: tuple[OperationRow, ...] = ()
    """What the server calls, by name in place of a path (OpenAPI 3.1, section 4.8.1)."""
    document: DocumentRow = field(default_factory=DocumentRow)
    schemas: Mapping[str, SchemaRow]
    """By component name; only those that an operation reaches."""
    warnings: tuple[str, ...] = field(default=(), compare=False)
    """What a person should put right in the document."""

    @cached_property
    def by_id(self) -> Mapping[str, OperationRow]:
        """The operations by operationId."""
        return {row.operation_id: row for row in self.operations}

    @cached_property
    def by_label(self) -> Mapping[str, OperationRow]:
        """The operations by method and path."""
        return {row.label: row for row in self.operations}

    def find(self, name: str) -> OperationRow | None:
        """Return the operation with this operationId or `"METHOD /path/"`, None if there is none.

        The method may be in small letters.
        """
        if name in self.by_id:
            return self.by_id[name]
        method, _, path = name.partition(" ")
        return self.by_label.get(f"{method.upper()} {path.strip()}")

    def nearest(self, name: str, n: int = 3) -> list[str]:
        """Return up to `n` names of operations most like `name`, in the form it is written in."""
        if " " in name or "/" in name:
            return difflib.get_close_matches(name, list(self.by_label), n, cutoff=0.4)
        by_folded = {operation_id.lower(): operation_id for operation_id in self.by_id}
        close = difflib.get_close_matches(name.lower(), list(by_folded), n, cutoff=0.4)
        return [by_folded[folded] for folded in close]
