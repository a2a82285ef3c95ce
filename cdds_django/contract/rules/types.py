"""Types and formats.

A request may take more than before, a response give less: `integer` to `number` is safe in a
request and breaks in a response.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdds_django.contract.changes import Finding
from cdds_django.contract.keywords import COMPOSITIONS
from cdds_django.contract.rules.rule import Family
from cdds_django.contract.sites import SchemaSite

_TEXT = "the type of {name} changed from {old} to {new}"

CHANGED = Family(
    suffix="type-changed",
    request="error",
    response="error",
    text=_TEXT,
    levels={"request-parameter-property": "warning"},
)
GENERALIZED = Family(suffix="type-generalized", request="info", response="error", text=_TEXT)
SPECIALIZED = Family(suffix="type-specialized", request="error", response="info", text=_TEXT)
COMPATIBLE = Family(
    suffix="type-compatible",
    request="info",
    response="info",
    text=f"{_TEXT}, which looks the same as text",
)
WIDENED = Family(suffix="list-of-types-widened", request="info", response="error", text=_TEXT)
NARROWED = Family(suffix="list-of-types-narrowed", request="error", response="info", text=_TEXT)
FAMILIES = (CHANGED, GENERALIZED, SPECIALIZED, COMPATIBLE, WIDENED, NARROWED)

_WIDER_FORMATS = frozenset({("int32", "int64"), ("float", "double")})
"""Formats of which the second takes all values of the first (OpenAPI 3.1, section 4.4)."""

_SCALARS = frozenset({"boolean", "integer", "number", "string"})


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report another type, or another format of the same type."""
    base, head = _types(site.base.get("type")), _types(site.head.get("type"))
    if base == head:
        yield from _format(site)
    elif not _composed(site):
        # Where there is a composition, its own rules say what became possible.
        family = _family(site, base, head)
        yield family.found(site, old=_named(base), new=_named(head))


def _format(site: SchemaSite) -> Iterator[Finding]:
    old, new = site.values("format")
    if old == new:
        return
    if site.is_request and (new is None or (old, new) in _WIDER_FORMATS):
        family = GENERALIZED
    elif not site.is_request and (old is None or (new, old) in _WIDER_FORMATS):
        family = SPECIALIZED
    else:
        family = CHANGED
    yield family.found(site, old=_formatted(site.base, old), new=_formatted(site.head, new))


def _family(site: SchemaSite, base: frozenset[str], head: frozenset[str]) -> Family:
    wider, narrower = _within(base, head), _within(head, base)
    if site.is_text and not (wider or narrower):
        taken, given = (head, base) if site.is_request else (base, head)
        wide = site.head if site.is_request else site.base
        # Not every number is a date or a UUID.
        if taken == {"string"} and "format" not in wide and _as_text(site, given):
            return GENERALIZED if site.subject.startswith("request-parameter") else COMPATIBLE
    if base and head and len(base) + len(head) > 2 and (wider or narrower):
        return WIDENED if wider else NARROWED
    if wider:
        return GENERALIZED
    # oasdiff tells apart the narrower types of a response only.
    return SPECIALIZED if narrower and not site.is_request else CHANGED


def _as_text(site: SchemaSite, types: frozenset[str]) -> bool:
    """Whether values of `types` are written as one text: an XML element is, an array isn't."""
    return bool(types) and (types <= _SCALARS or site.subject.endswith("body"))


def _composed(site: SchemaSite) -> bool:
    return not COMPOSITIONS.isdisjoint(site.base) or not COMPOSITIONS.isdisjoint(site.head)


def _types(value: Any) -> frozenset[str]:
    """Return the allowed types, none for any."""
    if value is None or value == "null":
        return frozenset()
    return frozenset([value] if isinstance(value, str) else value)


def _within(inner: frozenset[str], outer: frozenset[str]) -> bool:
    """Whether every value of `inner` types is of an `outer` type."""
    if not outer:
        return True
    wide = outer | {"integer"} if "number" in outer else outer
    return bool(inner) and inner <= wide


def _named(types: frozenset[str]) -> str:
    return " or ".join(f"`{name}`" for name in sorted(types)) or "any"


def _formatted(schema: dict[str, Any], written: object) -> str:
    name = _named(_types(schema.get("type")))
    return f"{name} of format `{written}`" if written else name
