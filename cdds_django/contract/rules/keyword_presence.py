"""Constraints that are there or not: adding one narrows, removing one widens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.literals import text_of
from cdds_django.contract.rules.rule import PLACES, Family
from cdds_django.contract.sites import SchemaSite


def _pair(keyword: str, slug: str, removed: Level = "error") -> tuple[Family, Family]:
    """Return the rules for adding and removing; `removed` is the level in a response."""
    return (
        Family(
            suffix=f"{slug}-added",
            request="error",
            response="info",
            text=f"{keyword} of {{name}} was added{{which}}",
        ),
        Family(
            suffix=f"{slug}-removed",
            request="info",
            response=removed,
            text=f"{keyword} of {{name}} was removed{{which}}",
        ),
    )


_SINGLE: Mapping[str, tuple[Family, Family]] = {
    "multipleOf": _pair("multipleOf", "multiple-of"),
    "uniqueItems": _pair("uniqueItems", "unique-items"),
    "not": _pair("not", "not"),
    "if": _pair("if", "if"),
    "then": _pair("then", "then"),
    "else": _pair("else", "else"),
    "contains": _pair("contains", "contains"),
    "propertyNames": _pair("propertyNames", "property-names"),
    "unevaluatedItems": _pair("unevaluatedItems", "unevaluated-items"),
    "unevaluatedProperties": _pair("unevaluatedProperties", "unevaluated-properties"),
    "contentSchema": _pair("contentSchema", "content-schema"),
    "contentEncoding": _pair("contentEncoding", "content-encoding"),
    "contentMediaType": _pair("contentMediaType", "content-media-type"),
    # A reader of an object that was closed seldom minds one more property.
    "additionalProperties": _pair("additionalProperties", "additional-properties", "warning"),
    "items": _pair("items", "items"),
}
_BY_NAME: Mapping[str, tuple[Family, Family]] = {
    "patternProperties": _pair("patternProperties", "pattern-property"),
    "dependentSchemas": _pair("dependentSchemas", "dependent-schema"),
    "dependentRequired": _pair("dependentRequired", "dependent-required"),
}
PREFIX_ITEMS = (
    # oasdiff takes a described position as one more that a client may send.
    Family(
        suffix="prefix-items-added",
        request="info",
        response="error",
        text="prefixItems of {name} had {old} schemas and has {new} now",
        places=PLACES,
    ),
    Family(
        suffix="prefix-items-removed",
        request="error",
        response="info",
        text="prefixItems of {name} had {old} schemas and has {new} now",
        places=PLACES,
    ),
)
FAMILIES = (
    *(family for pair in _SINGLE.values() for family in pair),
    *(family for pair in _BY_NAME.values() for family in pair),
    *PREFIX_ITEMS,
)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report keywords that only one side has, and names that only one side's has."""
    for key, (added, removed) in _SINGLE.items():
        was, now = key in site.base, key in site.head
        if was != now:
            yield (added if now else removed).found(site, f"/{key}", which="")
    for key, (added, removed) in _BY_NAME.items():
        old, new = site.base.get(key, {}), site.head.get(key, {})
        if gone := old.keys() - new.keys():
            yield removed.found(site, f"/{key}", which=f": {_listed(gone)}")
        if come := new.keys() - old.keys():
            yield added.found(site, f"/{key}", which=f": {_listed(come)}")
    lengths = [len(form.get("prefixItems", ())) for form in (site.base, site.head)]
    if lengths[0] != lengths[1]:
        family = PREFIX_ITEMS[0 if lengths[1] > lengths[0] else 1]
        yield family.found(site, "/prefixItems", old=lengths[0], new=lengths[1])


def _listed(names: set[str]) -> str:
    return ", ".join(text_of(name) for name in sorted(names))
