"""The keyword `const`."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.sites import SchemaSite


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report a value that is fixed now, no longer, or otherwise."""
    was, now = "const" in site.base, "const" in site.head
    if not was and not now:
        return
    if was and now:
        old, new = (text_of(value) for value in site.values("const"))
        if old != new:
            yield Finding(
                id=f"{site.subject}-const-changed",
                level="error",
                text=f"the fixed value of {site.name} changed from {old} to {new}",
            )
        return
    breaks = now == site.is_request
    yield Finding(
        id=f"{site.subject}-const-{'added' if now else 'removed'}",
        level="error" if breaks else "info",
        text=f"{site.name} {'has' if now else 'has no longer'} one fixed value",
    )
