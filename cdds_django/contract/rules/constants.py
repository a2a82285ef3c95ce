"""The keyword `const`."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.rules.rule import Family
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
    was, now = "const" in site.base, "const" in site.head
    old, new = (text_of(value) for value in site.values("const"))
    if was and now:
        if old != new:
            yield CHANGED.found(site, old=old, new=new)
    elif now:
        yield ADDED.found(site, new=new)
    elif was:
        yield REMOVED.found(site, old=old)
