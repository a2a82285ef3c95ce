"""The property that tells alternatives apart, and which value means which of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdds_django.contract.changes import Finding
from cdds_django.contract.pairing import meaning_of
from cdds_django.contract.rules.rule import Family
from cdds_django.contract.sites import SchemaSite


def _family(change: str, text: str) -> Family:
    return Family(suffix=f"discriminator-{change}", request="info", response="info", text=text)


ADDED = _family("added", "the alternatives of {name} are told apart by `{new}` now")
REMOVED = _family("removed", "the alternatives of {name} are not told apart by `{old}` any more")
RENAMED = _family(
    "property-name-changed",
    "the alternatives of {name} are told apart by `{new}` now, no longer by `{old}`",
)
MAPPING_ADDED = _family("mapping-added", "the discriminator of {name} knows the value {value} now")
MAPPING_DELETED = _family(
    "mapping-deleted", "the discriminator of {name} no longer knows the value {value}"
)
MAPPING_CHANGED = _family(
    "mapping-changed", "the value {value} of the discriminator of {name} means another schema"
)
FAMILIES = (ADDED, REMOVED, RENAMED, MAPPING_ADDED, MAPPING_DELETED, MAPPING_CHANGED)

_PART = "/discriminator"


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report discriminators that came, went or changed. oasdiff takes all of it for harmless."""
    old, new = site.values("discriminator")
    if old is None and new is None:
        return
    if old is None:
        yield ADDED.found(site, _PART, new=new.get("propertyName"))
    elif new is None:
        yield REMOVED.found(site, _PART, old=old.get("propertyName"))
    else:
        if old.get("propertyName") != new.get("propertyName"):
            names = {"old": old.get("propertyName"), "new": new.get("propertyName")}
            yield RENAMED.found(site, _PART, **names)
        yield from _mapping(site, old.get("mapping", {}), new.get("mapping", {}))


def _mapping(site: SchemaSite, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    for value in sorted(old.keys() | new.keys()):
        if value not in new:
            yield MAPPING_DELETED.found(site, _PART, value=value)
        elif value not in old:
            yield MAPPING_ADDED.found(site, _PART, value=value)
        # An edit below the schema that a value means is found there.
        elif old[value] != new[value] and (
            meaning_of(old[value], site.base_schemas) != meaning_of(new[value], site.head_schemas)
        ):
            yield MAPPING_CHANGED.found(site, _PART, value=value)
