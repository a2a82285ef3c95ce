"""The keyword `pattern`. Which of two patterns allows more can't be told in general."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import Family
from cdds_django.contract.sites import SchemaSite

ADDED = Family(
    suffix="pattern-added",
    request="error",
    response="info",
    text="{name} has to match the pattern {new} now",
)
REMOVED = Family(
    suffix="pattern-removed",
    request="info",
    response="info",
    text="{name} need not match the pattern {old} any more",
)
CHANGED = Family(
    suffix="pattern-changed",
    request="warning",
    response="info",
    text="the pattern of {name} changed from {old} to {new}",
)
GENERALIZED = Family(
    suffix="pattern-generalized",
    request="info",
    response="info",
    text="the pattern of {name} changed from {old} to {new}, which anything matches",
)
FAMILIES = (ADDED, REMOVED, CHANGED, GENERALIZED)

_ANYTHING = (".*", "^.*$")


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report patterns that came, went or changed."""
    old, new = site.values("pattern")
    if old == new:
        return
    if new is None:
        yield REMOVED.found(site, old=old)
    elif old is None:
        yield ADDED.found(site, new=new)
    else:
        family = GENERALIZED if site.is_request and new in _ANYTHING else CHANGED
        yield family.found(site, old=old, new=new)
