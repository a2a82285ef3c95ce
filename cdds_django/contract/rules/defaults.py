"""Values that are taken when a client sends none; another one silently changes what it gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.rules.rule import Family, of_value
from cdds_django.contract.sites import SchemaSite

_PARAMETERS: Mapping[str, Level] = {"request-parameter": "error"}

ADDED = Family(
    suffix="default-value-added",
    request="info",
    response="info",
    text="{name} is {new} now where it is left out",
    levels=_PARAMETERS,
)
REMOVED = Family(
    suffix="default-value-removed",
    request="info",
    response="info",
    text="{name} is no longer {old} where it is left out",
    levels=_PARAMETERS,
)
CHANGED = Family(
    suffix="default-value-changed",
    request="info",
    response="info",
    text="{name} is {new} now where it is left out, no longer {old}",
    levels=_PARAMETERS,
)
FAMILIES = (ADDED, REMOVED, CHANGED)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report defaults that came, went or changed."""
    return of_value(site, "default", added=ADDED, removed=REMOVED, changed=CHANGED)
