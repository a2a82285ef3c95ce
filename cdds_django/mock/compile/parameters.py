"""Parameters of an operation: decoded by style, read by type, checked by schema.

Styles are those of OpenAPI 3.1, section 4.8.12.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from cdds_django.contract.literals import JsonObject
from cdds_django.contract.references import UnusableDocumentError, object_at, target_of
from cdds_django.mock.compile.coercion import Coerce, coercion_for
from cdds_django.mock.schemas.merging import Merger
from cdds_django.mock.schemas.validators import Validator, Validators
from cdds_django.mock.schemas.violations import Violation, required, violations_of

PLACES = ("path", "query", "header", "cookie")
_DEFAULT_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
"""Headers that a parameter can't describe (OpenAPI 3.1, section 4.8.12.2)."""
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}

_UNREADABLE = object()

Texts = Mapping[str, list[str]]
"""What came in one place: all texts by name."""


class Parameter:
    """One parameter, ready to be read."""

    __slots__ = (
        "_coerce",
        "_explode",
        "_fields",
        "_items",
        "_json",
        "_kind",
        "_style",
        "_validator",
        "key",
        "name",
        "place",
        "required",
        "schema",
    )  # fmt: skip

    def __init__(self, source: JsonObject, schema: Any, merger: Merger, is_json: bool) -> None:
        self.name: str = source["name"]
        self.place: str = source["in"]
        self.key = self.name.lower() if self.place == "header" else self.name
        self.required = self.place == "path" or source.get("required") is True
        self.schema = schema
        self._json = is_json
        self._style: str = source.get("style") or _DEFAULT_STYLES[self.place]
        self._explode = bool(source.get("explode", self._style == "form"))
        kinds = merger.types(schema)
        whole = merger.merged(schema)
        self._kind = next((k for k in ("array", "object") if k in kinds), "scalar")
        if kinds & {"string", "integer", "number", "boolean"}:
            self._kind = "scalar"
        self._coerce: Coerce = coercion_for(schema, merger)
        self._items: Coerce = coercion_for(whole.get("items", True), merger)
        self._fields: dict[str, Coerce] = {
            name: coercion_for(inner, merger) for name, inner in whole.get("properties", {}).items()
        }
        self._validator: Validator | None = None

    def compile(self, validators: Validators) -> None:
        """Make the validator, unless there is nothing to check."""
        if self.schema not in ({"type": "string"}, {}, True):
            self._validator = validators.of(self.schema)

    def read(self, texts: Texts, violations: list[Violation]) -> Any:
        """Return the value among `texts`, None when it isn't there; add what is wrong."""
        found = texts.get(self.key)
        if self._kind == "object" and not self._json and self.place == "query":
            value = self._object_of_query(texts, found)
        elif not found:
            value = None
        else:
            value = self._value(found, violations)
        if value is _UNREADABLE:
            return None
        if value is None and not found:
            if self.required:
                violations.append(required(self.place, self.name))
            return None
        if self._validator is not None and not self._validator.is_valid(value):
            violations += violations_of(self._validator, value, self.place, (self.name,))
        return value

    def _value(self, found: list[str], violations: list[Violation]) -> Any:
        text = self._unprefixed(found[-1])
        if self._json:
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                message = f"The {self.place} parameter `{self.name}` must be JSON."
                violations.append(Violation(self.place, f"/{self.name}", "syntax", message))
                return _UNREADABLE
        if self._kind == "scalar":
            return self._coerce(text)
        if self._kind == "array":
            if self._explode and self.place in ("query", "cookie"):
                return [self._items(one) for one in found]
            parts = text.split(self._separator(text)) if text else []
            return [self._items(part) for part in parts]
        return self._fields_of(text.split(self._separator(text)))

    def _unprefixed(self, text: str) -> str:
        if self.place == "path" and self._style == "label":
            return text.removeprefix(".")
        if self.place == "path" and self._style == "matrix":
            return text.removeprefix(f";{self.name}=").removeprefix(";")
        return text

    def _separator(self, text: str) -> str:
        if self._style == "label" and self._explode:
            return "."
        if self._style == "matrix" and self._explode:
            return ";" if self._kind == "object" else f";{self.name}="
        return _SEPARATORS.get(self._style, ",")

    def _fields_of(self, parts: list[str]) -> Any:
        if self._explode:
            pairs: Iterable[tuple[str, str]] = (
                (name, value) for name, _, value in (part.partition("=") for part in parts)
            )
        else:
            pairs = zip(parts[::2], parts[1::2], strict=False)
        return {name: self._fields.get(name, str)(value) for name, value in pairs}

    def _object_of_query(self, texts: Texts, found: list[str] | None) -> Any:
        if self._style == "deepObject":
            begin = f"{self.name}["
            inner = {
                key[len(begin) : -1]: values
                for key, values in texts.items()
                if key.startswith(begin) and key.endswith("]")
            }
        elif self._explode:
            inner = {name: texts[name] for name in self._fields if name in texts}
        elif found:
            return self._fields_of(found[-1].split(self._separator(found[-1])))
        else:
            inner = {}
        if not inner:
            return None
        return {name: self._fields.get(name, str)(values[-1]) for name, values in inner.items()}


def parameters_of(
    document: JsonObject, sources: Iterable[Any], validators: Validators, merger: Merger
) -> list[Parameter]:
    """Return the parameters of an operation; a later one takes the place of an earlier one.

    Raises UnusableDocumentError.
    """
    found: dict[tuple[str, str], Parameter] = {}
    for raw in sources:
        source = target_of(document, raw, "a parameter")
        place, name = source.get("in"), source.get("name")
        if place not in PLACES or not isinstance(name, str):
            raise UnusableDocumentError(
                source or raw,
                "a parameter needs a name and `in`, one of: cookie, header, path, query.",
            )
        if place == "header" and name.lower() in _NOT_PARAMETERS:
            continue
        schema = source.get("schema", True)
        content = object_at(source, "content")
        is_json = "schema" not in source and bool(content)
        if is_json:
            media = target_of(document, next(iter(content.values())), "a media type")
            schema = media.get("schema", True)
        parameter = Parameter(source, validators.schemas.convert(schema), merger, is_json)
        parameter.compile(validators)
        found[place, parameter.key] = parameter
    return list(found.values())


def texts_of_query(query: bytes) -> dict[str, list[str]]:
    """Return the texts of a query, or of a form in a body, by name."""
    texts: dict[str, list[str]] = {}
    for pair in query.decode("utf-8", "replace").split("&"):
        if pair:
            name, _, value = pair.replace("+", " ").partition("=")
            texts.setdefault(unquote(name), []).append(unquote(value))
    return texts


def texts_of_cookies(header: str) -> dict[str, list[str]]:
    """Return the texts of a `Cookie` header by name."""
    texts: dict[str, list[str]] = {}
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name:
            texts.setdefault(name, []).append(unquote(value.strip('"')))
    return texts
