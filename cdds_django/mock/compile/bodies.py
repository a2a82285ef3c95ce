"""Bodies of requests: JSON, forms, multipart and plain text are read and checked."""

from __future__ import annotations

import json
import re
from email import policy
from email.parser import BytesParser
from typing import Any, NamedTuple

from cdds_django.contract.literals import JsonObject
from cdds_django.contract.media_types import is_text
from cdds_django.contract.references import object_at, target_of
from cdds_django.mock.compile.coercion import Coerce, coercion_for
from cdds_django.mock.compile.parameters import texts_of_query
from cdds_django.mock.schemas.merging import Merger
from cdds_django.mock.schemas.validators import Validator, Validators
from cdds_django.mock.schemas.violations import Violation, required, violations_of

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

_DEEPEST = 200
"""Levels of a body."""
_SUSPICIOUS = re.compile(rb"\\u[dD]|[eE]\+?\d{3}|\d{300}")
"""What may stand for a value that JSON can't hold."""


class ReadBody(NamedTuple):
    """What a body holds."""

    value: Any
    """As JSON values; None when there is none, or when it wasn't read."""
    violations: tuple[Violation, ...] = ()
    status: int = 422
    """The status to refuse it with, if there are violations."""


_NOTHING = ReadBody(None)


class _MediaType:
    """One media type a body may have."""

    __slots__ = ("_fields", "_lists", "_validator", "kind", "schema")

    def __init__(self, name: str, schema: Any, validators: Validators, merger: Merger) -> None:
        bare = _bare(name)
        self.schema = schema
        self.kind = "other"
        if bare in (FORM, MULTIPART):
            self.kind = bare
        elif bare == "*/*" or not is_text(bare):
            self.kind = "json"
        elif bare == "text/plain":
            self.kind = "text"
        self._validator: Validator | None = None
        if self.kind != "other" and schema is not True:
            self._validator = validators.of(schema)
        properties = merger.merged(schema).get("properties", {})
        self._lists: dict[str, Coerce] = {}
        self._fields: dict[str, Coerce] = {}
        for field, inner in properties.items():
            self._fields[field] = coercion_for(inner, merger)
            if "array" in merger.types(inner):
                self._lists[field] = coercion_for(merger.merged(inner).get("items"), merger)

    def read(self, content_type: str, body: bytes) -> ReadBody:
        try:
            value = self._parsed(content_type, body)
        except (ValueError, RecursionError) as error:
            return ReadBody(None, (_unreadable(error),), 400)
        if self._validator is None or self._validator.is_valid(value):
            return ReadBody(value)
        return ReadBody(value, tuple(violations_of(self._validator, value, "body")))

    def _parsed(self, content_type: str, body: bytes) -> Any:
        match self.kind:
            case "json":
                return parsed_json(body)
            case "text":
                return body.decode()
            case kind if kind == FORM:
                return self._form(texts_of_query(body))
            case kind if kind == MULTIPART:
                return self._form(_parts(content_type, body))
        return None

    def _form(self, texts: dict[str, list[str]]) -> JsonObject:
        value: JsonObject = {}
        for name, found in texts.items():
            if name in self._lists:
                read = self._lists[name]
                value[name] = [read(text) for text in found]
                if len(found) == 1 and found[0][:1] == "[":
                    value[name] = self._fields[name](found[0])
            else:
                value[name] = self._fields.get(name, str)(found[-1])
        return value


class Fields(NamedTuple):
    """The fields of a body."""

    writable: frozenset[str] | None = None
    """Those that clients may write; None where the contract doesn't name them."""
    envelope: str | None = None
    """The only field, if that holds an object: it may be what the body is about."""
    inner: Fields | None = None
    """The fields of that object."""


def _fields(schema: Any, merger: Merger, *, inside: bool = False) -> Fields:
    whole = merger.merged(schema)
    properties = whole.get("properties")
    if not properties or whole.get("additionalProperties") or "oneOf" in whole:
        return Fields()
    # Those that are read-only are converted to `True`: let them be sent, and ignored.
    writable = frozenset(name for name, inner in properties.items() if inner is not True)
    if len(properties) == 1 and not inside:
        name, inner = next(iter(properties.items()))
        if merger.merged(inner).get("properties"):
            return Fields(writable, name, _fields(inner, merger, inside=True))
    return Fields(writable)


class RequestBody:
    """What bodies an operation takes."""

    __slots__ = ("_media_types", "_required", "_single", "fields")

    def __init__(
        self, document: JsonObject, source: Any, validators: Validators, merger: Merger
    ) -> None:
        holder = target_of(document, source, "a request body")
        self._required = holder.get("required") is True
        self._media_types: dict[str, _MediaType] = {}
        for name, raw in object_at(holder, "content").items():
            media = target_of(document, raw, "a media type")
            schema = validators.schemas.convert(media.get("schema", True))
            self._media_types[_bare(name)] = _MediaType(name, schema, validators, merger)
        self._single = self._media_types.get("application/json") or next(
            iter(self._media_types.values()), None
        )
        self.fields = _fields(self._single.schema if self._single else True, merger)

    def read(self, content_type: str, body: bytes) -> ReadBody:
        """Return what `body` holds and what is wrong with it."""
        if not body:
            if self._required:
                return ReadBody(None, (required("body"),))
            return _NOTHING
        media = self._media_type(content_type)
        if media is None:
            names = ", ".join(self._media_types)
            message = f"The body must be of type {names}, not {content_type or 'unknown'}."
            return ReadBody(None, (Violation("body", "", "content-type", message),), 415)
        return media.read(content_type, body)

    def _media_type(self, content_type: str) -> _MediaType | None:
        if not content_type:
            return self._single
        bare = _bare(content_type)
        known = self._media_types.get(bare)
        if known is not None:
            return known
        for name, media in self._media_types.items():
            kind, _, rest = name.partition("/")
            if name == "*/*" or (rest == "*" and bare.startswith(f"{kind}/")):
                return media
        return None


def parsed_json(body: bytes) -> Any:
    """Return the JSON value in `body`. Raises ValueError, which says where it isn't JSON."""
    # As json.loads does it, which would make a decoder for each body.
    value = _decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    if _SUSPICIOUS.search(body):
        # Half a surrogate pair is no character, and 1e999 no number that can be written.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    if body.count(b"[") + body.count(b"{") > _DEEPEST and _depth(value) > _DEEPEST:
        # The validator would give up.
        raise RecursionError
    return value


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        inner = [item.values() if isinstance(item, dict) else item for item in level]
        level = [child for items in inner for child in items if isinstance(child, dict | list)]
    return depth


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode


def _unreadable(error: Exception) -> Violation:
    reason = str(error)
    if isinstance(error, json.JSONDecodeError):
        reason = f"{error.msg}, line {error.lineno}, column {error.colno}"
    elif isinstance(error, RecursionError):
        reason = "it is nested too deeply"
    elif isinstance(error, UnicodeError):
        reason = "it is not UTF-8"
    return Violation("body", "", "syntax", f"The body can't be read: {reason}.")


def _parts(content_type: str, body: bytes) -> dict[str, list[str]]:
    """Return the fields of a multipart body; a file stands as its name."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise ValueError("it has no parts; the boundary of the content type isn't in it")
    texts: dict[str, list[str]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise ValueError("a part has no name")
        filename = part.get_filename()
        payload = part.get_payload(decode=True)
        text = filename
        if text is None:
            text = payload.decode() if isinstance(payload, bytes) else ""
        texts.setdefault(name, []).append(text)
    return texts


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
