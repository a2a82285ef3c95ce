"""Operations in canonical form: what they promise, closed over every `$ref` but schemas'.

Parameters are keyed by place and name, media types, headers and statuses by themselves, so order
never matters. Schemas are canonical as `canonical_schemas` says; the big ones stand in one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cdds_django.contract.canonical_schemas import SchemaReader
from cdds_django.contract.keywords import DOCUMENTATION_KEYS
from cdds_django.contract.literals import JsonObject, literal, settled
from cdds_django.contract.operations import METHODS, Operation
from cdds_django.contract.references import (
    UnusableDocumentError,
    list_at,
    object_at,
    target_of,
)
from cdds_django.contract.schema_bodies import Documentation
from cdds_django.contract.security_forms import read_requirements, read_scheme
from cdds_django.contract.snapshot_rows import DocumentRow

LIFECYCLE_KEYS = ("deprecated", "x-sunset", "x-stability-level")
"""Keys about how long an operation will be there; neither its request nor its response."""

_DEFAULT_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_PLACES = frozenset(_DEFAULT_STYLES)


@dataclass(frozen=True, kw_only=True)
class CanonicalOperation:
    """What one operation promises."""

    request: JsonObject
    """`parameters`, `body`, `security`, `servers` and `callbacks`; what is empty is left out."""
    responses: JsonObject
    """By status (`200`, `4XX`, `default`)."""
    lifecycle: JsonObject
    """Those of LIFECYCLE_KEYS that are written."""
    tags: tuple[str, ...]
    """Sorted."""
    documentation: Documentation
    """Everything else that only people read, schemas in the table apart."""


class OperationReader:
    """Reads the operations of one document; their schemas go into `schemas`."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self.schemas = SchemaReader(document)
        self._parameters: dict[str, tuple[str, JsonObject, Documentation]] = {}
        self._responses: dict[str, tuple[JsonObject, Documentation]] = {}

    def read(self, operation: Operation) -> CanonicalOperation:
        """Return the canonical form of `operation`. Raises UnusableDocumentError."""
        documentation: Documentation = []
        source = operation.source
        lifecycle = {key: literal(source[key]) for key in LIFECYCLE_KEYS if source.get(key)}
        documentation += [
            (key, source[key])
            for key in sorted(source)
            if key in DOCUMENTATION_KEYS - {"tags"}
            or (key.startswith("x-") and key not in LIFECYCLE_KEYS)
        ]
        request = {
            "parameters": self._read_parameters(operation, documentation),
            "body": self._read_body(source, documentation),
            "security": read_requirements(self.document, operation.security),
            "servers": [literal(server) for server in operation.servers],
            "callbacks": self._read_callbacks(source),
        }
        return CanonicalOperation(
            request={key: value for key, value in request.items() if value},
            responses=self._read_responses(source, documentation),
            lifecycle=lifecycle,
            tags=tuple(sorted({str(tag) for tag in list_at(source, "tags")})),
            documentation=documentation,
        )

    def read_document(self) -> DocumentRow:
        """Return what concerns all operations. Raises UnusableDocumentError."""
        version = object_at(self.document, "info").get("version")
        schemes = object_at(object_at(self.document, "components"), "securitySchemes")
        return DocumentRow(
            version=str(version) if version is not None else "",
            security=read_requirements(self.document, list_at(self.document, "security")),
            schemes={name: read_scheme(self.document, name) for name in sorted(schemes)},
        )

    def _read_parameters(self, operation: Operation, documentation: Documentation) -> JsonObject:
        forms: JsonObject = {}
        notes: dict[str, Documentation] = {}
        for raw in operation.parameters:
            reference = raw.get("$ref") if isinstance(raw, dict) else None
            known = self._parameters.get(reference) if isinstance(reference, str) else None
            if known is None:
                known = self._read_parameter(raw, operation)
                if isinstance(reference, str):
                    self._parameters[reference] = known
            # A later one overrides: the operation's own come after the path item's.
            key, forms[key], notes[key] = known[0], known[1], known[2]
        for key in sorted(notes):
            if notes[key]:
                documentation += [key, *notes[key]]
        return forms

    def _read_parameter(
        self, raw: Any, operation: Operation
    ) -> tuple[str, JsonObject, Documentation]:
        parameter = target_of(self.document, raw, "a parameter")
        place, name = parameter.get("in"), parameter.get("name")
        if not isinstance(place, str) or place not in _PLACES or not isinstance(name, str):
            raise UnusableDocumentError(
                parameter if parameter else operation.source,
                "a parameter needs a name and `in`, one of: cookie, header, path, query.",
            )
        documentation: Documentation = []
        form = self._read_value(parameter, documentation)
        style = parameter.get("style") or _DEFAULT_STYLES[place]
        if style != _DEFAULT_STYLES[place]:
            form["style"] = literal(style)
        explode = parameter.get("explode")
        if isinstance(explode, bool) and explode != (style == "form"):
            form["explode"] = explode
        if place == "path":
            form["required"] = True
        for key in ("allowReserved", "allowEmptyValue"):
            if parameter.get(key):
                form[key] = True
        # Names of header fields don't tell capitals (RFC 9110, section 5.1).
        return f"{place} {name.lower() if place == 'header' else name}", form, documentation

    def _read_value(self, holder: JsonObject, documentation: Documentation) -> JsonObject:
        """Return what a parameter and a header have in common."""
        form: JsonObject = {}
        for key in ("required", "deprecated"):
            if holder.get(key):
                form[key] = True
        if isinstance(holder.get("x-sunset"), str):
            form["x-sunset"] = holder["x-sunset"]
        if "schema" in holder:
            form["schema"] = self.schemas.use(holder["schema"], documentation)
        if content := self._read_content(holder, documentation):
            form["content"] = content
        _note(holder, documentation)
        return form

    def _read_body(self, source: JsonObject, documentation: Documentation) -> JsonObject:
        if source.get("requestBody") is None:
            return {}
        body = target_of(self.document, source["requestBody"], "a request body")
        form: JsonObject = {"content": self._read_content(body, documentation)}
        if body.get("required"):
            form["required"] = True
        _note(body, documentation)
        return form

    def _read_content(self, holder: JsonObject, documentation: Documentation) -> JsonObject:
        forms: JsonObject = {}
        content = object_at(holder, "content")
        for media_type in sorted(content):
            media = target_of(self.document, content[media_type], "a media type")
            mark = len(documentation)
            form: JsonObject = {}
            if "schema" in media:
                form["schema"] = self.schemas.use(media["schema"], documentation)
            if encoding := object_at(media, "encoding"):
                form["encoding"] = literal(encoding)
            _note(media, documentation)
            if len(documentation) != mark:
                documentation.insert(mark, media_type)
            forms[media_type.lower()] = form
        return forms

    def _read_responses(self, source: JsonObject, documentation: Documentation) -> JsonObject:
        forms: JsonObject = {}
        responses = object_at(source, "responses")
        for status in sorted(responses, key=str):
            raw = responses[status]
            if str(status).startswith("x-"):
                continue
            reference = raw.get("$ref") if isinstance(raw, dict) else None
            known = self._responses.get(reference) if isinstance(reference, str) else None
            if known is None:
                known = self._read_response(raw)
                if isinstance(reference, str):
                    self._responses[reference] = known
            forms[str(status).upper() if status != "default" else "default"] = known[0]
            documentation += [str(status), *known[1]]
        return forms

    def _read_response(self, raw: Any) -> tuple[JsonObject, Documentation]:
        response = target_of(self.document, raw, "a response")
        documentation: Documentation = []
        form: JsonObject = {}
        headers = object_at(response, "headers")
        if headers:
            form["headers"] = {
                name.lower(): self._read_value(
                    target_of(self.document, headers[name], "a header"), documentation
                )
                for name in sorted(headers)
            }
        if content := self._read_content(response, documentation):
            form["content"] = content
        _note(response, documentation)
        return form, documentation

    def _read_callbacks(self, source: JsonObject) -> JsonObject:
        forms: JsonObject = {}
        for name, raw in object_at(source, "callbacks").items():
            callback = target_of(self.document, raw, "a callback")
            for expression in callback:
                path_item = {} if expression.startswith("x-") else object_at(callback, expression)
                for method in METHODS:
                    if method in path_item:
                        forms[f"{name} {method.upper()} {expression}"] = self._read_callback(
                            object_at(path_item, method), list_at(path_item, "parameters")
                        )
        return forms

    def _read_callback(self, source: JsonObject, parameters: list[Any]) -> JsonObject:
        read = self.read(
            Operation(
                operation_id="",
                written_id=None,
                method="",
                path="",
                source=source,
                parameters=(*parameters, *list_at(source, "parameters")),
                security=[],
                servers=[],
            )
        )
        return {"request": read.request, "responses": read.responses}


def _note(holder: JsonObject, documentation: Documentation) -> None:
    """Add what only people read of a parameter, body, response, header or media type."""
    documentation += [
        (key, settled(holder[key]))
        for key in sorted(holder)
        if key in DOCUMENTATION_KEYS or (key.startswith("x-") and key != "x-sunset")
    ]
