"""The keyword `pattern`."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.sites import SchemaSite

_ANYTHING = (".*", "^.*$")


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report other patterns; which of two patterns allows more can't be told in general."""
    old, new = site.values("pattern")
    if old == new:
        return
    level: Level = "info"
    if new is None:
        change, text = "removed", f"the pattern {old} of {site.name} was removed"
    elif old is None:
        change, text = "added", f"the pattern {new} of {site.name} was added"
        level = "error" if site.is_request else "info"
    else:
        change, text = "changed", f"the pattern of {site.name} changed from {old} to {new}"
        level = "warning" if site.is_request else "info"
        if site.is_request and new in _ANYTHING:
            change, level = "generalized", "info"
    yield Finding(id=f"{site.subject}-pattern-{change}", level=level, text=text)
