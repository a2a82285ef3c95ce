"""Values of enumerations.

A new value in a response is a warning, and so is any value at all: clients that switch over all
values meet one that they don't know. Leaving an enumeration out lets a request send more, so it
breaks nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.rules.rule import HEADER_PROPERTY, PLACES, Family
from cdds_django.contract.sites import SchemaSite

BECAME = Family(
    suffix="became-enum",
    request="error",
    response="info",
    text="{name} is limited to listed values now",
    places=(*PLACES, HEADER_PROPERTY),
)
NO_LONGER = Family(
    suffix="became-not-enum",
    request="info",
    response="warning",
    text="{name} is no longer limited to listed values",
)
ADDED = Family(
    suffix="enum-value-added",
    request="info",
    response="warning",
    text="the value {value} of {name} was added",
)
REMOVED = Family(
    suffix="enum-value-removed",
    request="error",
    response="info",
    text="the value {value} of {name} was removed",
    ids={"response-body": "response-mediatype-enum-value-removed"},
)
EXTENSIBLE_ADDED = Family(
    suffix="x-extensible-enum-value-added",
    request="info",
    response="info",
    text="the known value {value} of {name} was added",
)
EXTENSIBLE_REMOVED = Family(
    suffix="x-extensible-enum-value-removed",
    request="error",
    response="info",
    text="the known value {value} of {name} was removed",
)
FAMILIES = (BECAME, NO_LONGER, ADDED, REMOVED, EXTENSIBLE_ADDED, EXTENSIBLE_REMOVED)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report values that came or went, of enumerations closed and open (`x-extensible-enum`)."""
    old, new = site.values("enum")
    if (old is None) != (new is None):
        yield (BECAME if old is None else NO_LONGER).found(site)
    elif old is not None:
        yield from _values(site, old, new, ADDED, REMOVED)
    old, new = (value or [] for value in site.values("x-extensible-enum"))
    if isinstance(old, list) and isinstance(new, list):
        yield from _values(site, old, new, EXTENSIBLE_ADDED, EXTENSIBLE_REMOVED)


def _values(
    site: SchemaSite, old: list[object], new: list[object], added: Family, removed: Family
) -> Iterator[Finding]:
    before, after = {text_of(value) for value in old}, {text_of(value) for value in new}
    for value in sorted(before - after):
        yield removed.found(site, value=value)
    for value in sorted(after - before):
        yield added.found(site, value=value)
