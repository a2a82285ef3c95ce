"""Values of enumerations."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.sites import SchemaSite


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report values that came or went.

    A new value in a response is a warning: clients that switch over all values meet one that they
    don't know.
    """
    old, new = site.values("enum")
    if old is None and new is None:
        return
    if old is None or new is None:
        became = new is not None
        breaks = became == site.is_request
        yield Finding(
            id=f"{site.subject}-{'became-enum' if became else 'became-not-enum'}",
            level="error" if breaks else "info",
            text=f"{site.name} is {'now' if became else 'no longer'} limited to listed values",
        )
        return
    before, after = {text_of(value) for value in old}, {text_of(value) for value in new}
    for value in sorted(before - after):
        yield Finding(
            id=f"{site.subject}-enum-value-removed",
            level="error" if site.is_request else "info",
            text=f"the value {value} of {site.name} was removed",
        )
    for value in sorted(after - before):
        yield Finding(
            id=f"{site.subject}-enum-value-added",
            level="info" if site.is_request else "warning",
            text=f"the value {value} of {site.name} was added",
        )
