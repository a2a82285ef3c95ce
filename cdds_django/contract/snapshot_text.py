"""The text of a contract snapshot, format version 1, and back.

A JSON object: `schema` (the format's version), `document` (what concerns all operations),
`operations` (rows by path and method), `webhooks` (the same, where there are any) and `schemas`
(by component name, each with its digest). One property, parameter or response stands on
one line where it fits, so that a review of the file shows what changed. Readers ignore keys that
they don't know; a change that older readers would misread raises the version.
"""

from __future__ import annotations

import json
from typing import Any

from cdds_django.contract.literals import JsonObject
from cdds_django.contract.snapshot_rows import DocumentRow, OperationRow, SchemaRow, Snapshot
from cdds_django.errors import StateFileError

FORMAT_VERSION = 1

_LINE = 100
"""Characters up to which a value stands on one line."""

_REMEDY = "Restore it from version control, or write it anew: manage.py contract_snapshot"


def rendered(snapshot: Snapshot) -> str:
    """Return the text of `snapshot`, ending in a newline."""
    operations = [_entries(_row_fields(row), "  ", one_line=False) for row in snapshot.operations]
    schemas = [
        f"{json.dumps(name)}: "
        + _entries({"digest": row.digest, "schema": row.schema}, "  ", one_line=False)
        for name, row in sorted(snapshot.schemas.items())
    ]
    webhooks = [_entries(_row_fields(row), "  ", one_line=False) for row in snapshot.webhooks]
    parts = {
        "schema": str(FORMAT_VERSION),
        "document": _entries(_document_fields(snapshot.document), " "),
        "operations": _lines("[]", operations, " "),
        "webhooks": _lines("[]", webhooks, " ") if webhooks else "",
        "schemas": _lines("{}", schemas, " "),
    }
    lines = ",\n".join(f' "{key}": {text}' for key, text in parts.items() if text)
    return f"{{\n{lines}\n}}\n"


def parsed(content: bytes, origin: str) -> Snapshot:
    """Return the snapshot that `content` holds.

    Raises StateFileError, naming `origin` (the file), when it holds none or a newer format.
    """
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StateFileError(f"{origin} is not valid JSON ({error}). {_REMEDY}") from None
    if not isinstance(whole, dict) or "schema" not in whole or "operations" not in whole:
        raise StateFileError(f"{origin} is not a contract snapshot. {_REMEDY}")
    return snapshot_from(whole, origin)


def snapshot_from(whole: JsonObject, origin: str) -> Snapshot:
    """Return the snapshot that the JSON object `whole` holds. Raises StateFileError."""
    version = whole["schema"]
    if version != FORMAT_VERSION:
        newer = isinstance(version, int) and version > FORMAT_VERSION
        remedy = "Upgrade cdds-django to read it." if newer else _REMEDY
        raise StateFileError(
            f"{origin} has format version {version!r}; this version of cdds-django reads "
            f"{FORMAT_VERSION}. {remedy}"
        )
    try:
        return Snapshot(
            operations=tuple(_row(fields) for fields in _typed(whole["operations"], list)),
            webhooks=tuple(_row(fields) for fields in _typed(whole.get("webhooks", []), list)),
            document=_document(_typed(whole.get("document", {}), dict)),
            schemas={
                name: SchemaRow(
                    digest=_typed(entry["digest"], str), schema=_typed(entry["schema"], dict)
                )
                for name, entry in _typed(whole["schemas"], dict).items()
            },
        )
    except (KeyError, TypeError) as error:
        raise StateFileError(
            f"{origin} is not a whole contract snapshot (wrong or missing: {error}). {_REMEDY}"
        ) from None


def _row_fields(row: OperationRow) -> JsonObject:
    fields: JsonObject = {
        "operationId": row.operation_id,
        "method": row.method,
        "path": row.path,
        "requestHash": row.request_hash,
        "responseHash": row.response_hash,
        "documentationHash": row.documentation_hash,
        "request": row.request,
        "responses": row.responses,
    }
    if row.lifecycle:
        fields["lifecycle"] = row.lifecycle
    if row.tags:
        fields["tags"] = list(row.tags)
    return fields


def _document_fields(row: DocumentRow) -> JsonObject:
    return {"version": row.version, "security": row.security, "securitySchemes": row.schemes}


def _document(fields: JsonObject) -> DocumentRow:
    return DocumentRow(
        version=_typed(fields.get("version", ""), str),
        security=_typed(fields.get("security", []), list),
        schemes=_typed(fields.get("securitySchemes", {}), dict),
    )


def _row(fields: Any) -> OperationRow:
    return OperationRow(
        operation_id=_typed(fields["operationId"], str),
        method=_typed(fields["method"], str),
        path=_typed(fields["path"], str),
        request_hash=_typed(fields["requestHash"], str),
        response_hash=_typed(fields["responseHash"], str),
        documentation_hash=_typed(fields["documentationHash"], str),
        lifecycle=_typed(fields.get("lifecycle", {}), dict),
        tags=tuple(str(tag) for tag in _typed(fields.get("tags", []), list)),
        request=_typed(fields["request"], dict),
        responses=_typed(fields["responses"], dict),
    )


def _typed(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{str(value)[:40]!r}, where JSON's {kind.__name__} belongs")
    return value


def _text(value: Any, indent: str) -> str:
    """Return the JSON of `value`, keys sorted, to stand at `indent`."""
    if type(value) is dict and value:
        return _entries(dict(sorted(value.items())), indent)
    if type(value) is list and value:
        return _wrapped("[]", [_text(item, indent + " ") for item in value], indent)
    return json.dumps(value)


def _entries(value: JsonObject, indent: str, *, one_line: bool = True) -> str:
    parts = [f"{json.dumps(key)}: {_text(item, indent + ' ')}" for key, item in value.items()]
    return _wrapped("{}", parts, indent) if one_line else _lines("{}", parts, indent)


def _wrapped(brackets: str, parts: list[str], indent: str) -> str:
    whole = ", ".join(parts)
    if len(whole) + len(indent) < _LINE and "\n" not in whole:
        return f"{brackets[0]}{whole}{brackets[1]}"
    return _lines(brackets, parts, indent)


def _lines(brackets: str, parts: list[str], indent: str) -> str:
    if not parts:
        return brackets
    lines = f",\n{indent} ".join(parts)
    return f"{brackets[0]}\n{indent} {lines}\n{indent}{brackets[1]}"
