"""Values that are taken when a client sends none."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.sites import SchemaSite


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report defaults; another one of a parameter silently changes what clients get."""
    was, now = "default" in site.base, "default" in site.head
    old, new = (text_of(value) for value in site.values("default"))
    if was == now and (not was or old == new):
        return
    if was and now:
        change, text = "changed", f"changed from {old} to {new}"
    elif now:
        change, text = "added", f"is now {new}"
    else:
        change, text = "removed", f"was {old} and is gone"
    yield Finding(
        id=f"{site.subject}-default-value-{change}",
        level="error" if site.subject == "request-parameter" else "info",
        text=f"the default of {site.name} {text}",
    )
