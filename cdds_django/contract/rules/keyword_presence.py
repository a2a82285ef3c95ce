"""Constraints that are there or not: adding one narrows, removing one widens."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.sites import SchemaSite

_NARROWING = (
    ("multipleOf", "multiple-of"),
    ("uniqueItems", "unique-items"),
    ("not", "not"),
    ("if", "if"),
    ("then", "then"),
    ("else", "else"),
    ("contains", "contains"),
    ("propertyNames", "property-names"),
    ("unevaluatedItems", "unevaluated-items"),
    ("unevaluatedProperties", "unevaluated-properties"),
    ("contentSchema", "content-schema"),
    ("contentEncoding", "content-encoding"),
    ("contentMediaType", "content-media-type"),
    ("additionalProperties", "additional-properties"),
    ("items", "items"),
)
_NARROWING_MAPS = (
    ("patternProperties", "pattern-property"),
    ("dependentSchemas", "dependent-schema"),
    ("dependentRequired", "dependent-required"),
)
_OPAQUE = ("multipleOf", "contentEncoding", "contentMediaType")
"""Keywords whose two values can't be compared: another one is another promise."""


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report keywords that only one side has, and other values of opaque ones."""
    for key, slug in _NARROWING:
        was, now = key in site.base, key in site.head
        if was != now:
            yield _finding(site, key, slug, added=now)
        elif was and key in _OPAQUE and text_of(site.base[key]) != text_of(site.head[key]):
            yield Finding(
                id=f"{site.subject}-{slug}-changed",
                level="error",
                text=f"{key} of {site.name} changed from {site.base[key]} to {site.head[key]}",
            )
    for key, slug in _NARROWING_MAPS:
        old, new = site.base.get(key, {}), site.head.get(key, {})
        if old.keys() - new.keys():
            yield _finding(site, key, slug, added=False)
        if new.keys() - old.keys():
            yield _finding(site, key, slug, added=True)
    yield from _tuple_items(site)


def _finding(site: SchemaSite, key: str, slug: str, *, added: bool) -> Finding:
    return Finding(
        id=f"{site.subject}-{slug}-{'added' if added else 'removed'}",
        level="error" if added == site.is_request else "info",
        text=f"{key} of {site.name} was {'added' if added else 'removed'}",
        part=f"/{key}",
    )


def _tuple_items(site: SchemaSite) -> Iterator[Finding]:
    old, new = len(site.base.get("prefixItems", ())), len(site.head.get("prefixItems", ()))
    if old != new:
        # oasdiff takes a described position as one more that a client may send.
        added = new > old
        yield Finding(
            id=f"{site.subject}-prefix-items-{'added' if added else 'removed'}",
            level="info" if added == site.is_request else "error",
            text=f"prefixItems of {site.name} had {old} schemas and now has {new}",
            part="/prefixItems",
        )
