"""What a mock can be made from: an OpenAPI document, or a contract snapshot taken for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdds_django.contract.documents import check_version
from cdds_django.contract.literals import REFERENCE, JsonObject
from cdds_django.contract.references import COMPONENTS, escaped
from cdds_django.contract.snapshot_rows import OperationRow, Snapshot
from cdds_django.contract.snapshot_text import snapshot_from

_DATA_KEYS = frozenset({"enum", "const", "default"})


def document_of(whole: Mapping[str, Any], origin: str) -> JsonObject:
    """Return the OpenAPI document in `whole`, which may be a contract snapshot.

    `origin` is named in errors. Raises ContractError or StateFileError.
    """
    plain = whole if isinstance(whole, dict) else dict(whole)
    if "operations" in plain and "openapi" not in plain:
        return _document_from(snapshot_from(plain, origin))
    check_version(plain, origin)
    return plain


def _document_from(snapshot: Snapshot) -> JsonObject:
    """Return a document that says what `snapshot` says, in the words of OpenAPI 3.1."""
    paths: JsonObject = {}
    for row in snapshot.operations:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Contract snapshot", "version": snapshot.document.version},
        "paths": paths,
        "components": {
            "schemas": {name: _schema(row.schema) for name, row in snapshot.schemas.items()}
        },
    }


def _operation(row: OperationRow) -> JsonObject:
    operation: JsonObject = {
        "operationId": row.operation_id,
        "tags": list(row.tags),
        "servers": row.request.get("servers", []),
        "parameters": [
            {"in": key.partition(" ")[0], "name": key.partition(" ")[2], **_holder(form)}
            for key, form in row.request.get("parameters", {}).items()
        ],
        "responses": {status: _holder(form) for status, form in row.responses.items()},
    }
    if "body" in row.request:
        operation["requestBody"] = _holder(row.request["body"])
    return operation


def _holder(form: JsonObject) -> JsonObject:
    """Return a parameter, body, header or response of a document."""
    written = dict(form)
    if "schema" in form:
        written["schema"] = _schema(form["schema"])
    for key in ("content", "headers"):
        if key in form:
            written[key] = {name: _holder(inner) for name, inner in form[key].items()}
    return written


def _schema(form: Any) -> Any:
    if isinstance(form, list):
        return [_schema(item) for item in form]
    if not isinstance(form, dict):
        return form
    written = {}
    for key, value in form.items():
        if key in _DATA_KEYS:
            written[key] = _data(value)
        elif key == REFERENCE and isinstance(value, str):
            written[key] = value if value.startswith("#") else COMPONENTS + escaped(value)
        else:
            written[key] = _schema(value)
    return written


def _data(value: Any) -> Any:
    """Return plain data as it was before `literals.literal` escaped it."""
    if isinstance(value, list):
        return [_data(item) for item in value]
    if isinstance(value, dict):
        return {
            key.removeprefix("\\") if key == f"\\{REFERENCE}" else key: _data(inner)
            for key, inner in value.items()
        }
    return value
