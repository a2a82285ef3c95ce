"""The keyword `const`."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import Family, of_value
from cdds_django.contract.sites import SchemaSite

ADDED = Family(
    suffix="const-added", request="error", response="info", text="{name} is always {new} now"
)
REMOVED = Family(
    suffix="const-removed",
    request="info",
    response="error",
    text="{name} is no longer always {old}",
)
CHANGED = Family(
    suffix="const-changed",
    request="error",
    response="error",
    text="{name} is always {new} now, no longer {old}",
)
FAMILIES = (ADDED, REMOVED, CHANGED)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report a value that is fixed now, no longer, or otherwise."""
    return of_value(site, "const", added=ADDED, removed=REMOVED, changed=CHANGED)
