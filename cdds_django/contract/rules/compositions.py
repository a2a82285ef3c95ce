"""Schemas of `allOf`, `anyOf` and `oneOf` that came or went.

Another alternative widens, another condition of `allOf` narrows; no alternatives at all is the
widest. Levels are oasdiff's, which takes another `anyOf` in a response for harmless.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.pairing import unmatched
from cdds_django.contract.rules.rule import Family
from cdds_django.contract.sites import SchemaSite


def _family(change: str, request: Level, response: Level) -> Family:
    key, _, verb = change.rpartition("-")
    keyword = key.split("-")[0] + "Of"
    return Family(
        suffix=change,
        request=request,
        response=response,
        text=f"{{count}} of the {keyword} schemas of {{name}} were {verb}",
    )


CHANGES = {
    ("allOf", "added"): _family("all-of-added", "error", "info"),
    ("allOf", "removed"): _family("all-of-removed", "warning", "info"),
    ("anyOf", "added"): _family("any-of-added", "info", "info"),
    ("anyOf", "removed"): _family("any-of-removed", "error", "info"),
    ("oneOf", "added"): _family("one-of-added", "info", "error"),
    ("oneOf", "removed"): _family("one-of-removed", "error", "info"),
}
RESTRICTED = Family(
    suffix="alternatives-set",
    request="error",
    response="info",
    text="{name} has to be one of several schemas ({key}) now, and there was no such list",
)
FREED = Family(
    suffix="alternatives-unset",
    request="info",
    response="error",
    text="{name} need not be one of several schemas ({key}) any more",
)
WRAPPED = Family(
    suffix="wrapped-in-one-of",
    request="error",
    response="error",
    text="{name} became one of several schemas, of which what it was is one",
)
FAMILIES = (*CHANGES.values(), RESTRICTED, FREED, WRAPPED)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report alternatives and conditions; those that only changed are walked into instead."""
    for key in ("allOf", "anyOf", "oneOf"):
        base, head = site.values(key)
        if base is None and head is None:
            continue
        if site.is_wrapped and key == "oneOf" and len(base) < len(head):
            yield WRAPPED.found(site, f"/{key}")
        elif (base is None or head is None) and key != "allOf":
            yield (RESTRICTED if base is None else FREED).found(site, f"/{key}", key=key)
        else:
            yield from _changed(site, key, base or [], head or [])


def _changed(site: SchemaSite, key: str, base: list[Any], head: list[Any]) -> Iterator[Finding]:
    pairing = unmatched(base, head, site.base_schemas, site.head_schemas)
    for change, forms in (("removed", pairing.gone), ("added", pairing.new)):
        if forms:
            yield CHANGES[key, change].found(site, f"/{key}", count=len(forms))
