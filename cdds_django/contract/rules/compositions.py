"""Schemas of `allOf`, `anyOf` and `oneOf` that came or went."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.pairing import unmatched
from cdds_django.contract.sites import SchemaSite

_KEYS = (("allOf", "all-of"), ("anyOf", "any-of"), ("oneOf", "one-of"))


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report alternatives and conditions; those that only changed are walked into instead.

    Another alternative widens, another condition of `allOf` narrows; no alternatives at all is
    the widest.
    """
    for key, slug in _KEYS:
        base, head = site.values(key)
        if base is None and head is None:
            continue
        pairing = unmatched(base or [], head or [], site.base_schemas, site.head_schemas)
        first_or_last = not base or not head
        for change, forms in (("removed", pairing.gone), ("added", pairing.new)):
            if forms:
                yield Finding(
                    id=f"{site.subject}-{slug}-{change}",
                    level=_level(site, key, change == "added", first_or_last),
                    text=f"{len(forms)} of the {key} schemas of {site.name} were {change}",
                    part=f"/{key}",
                )


def _level(site: SchemaSite, key: str, added: bool, first_or_last: bool) -> Level:
    widens = added != (key == "allOf")
    if first_or_last and key != "allOf":
        widens = not widens
    if widens == site.is_request:
        return "info"
    return "error"
