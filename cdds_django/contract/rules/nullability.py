"""Whether null is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.keywords import COMPOSITIONS
from cdds_django.contract.literals import JsonObject
from cdds_django.contract.sites import SchemaSite


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report null newly refused by a request, or newly sent by a response."""
    was, now = bool(site.base.get("nullable")), bool(site.head.get("nullable"))
    if was == now or _takes_anything(site.base) or _takes_anything(site.head):
        return
    breaks = now != site.is_request
    yield Finding(
        id=f"{site.subject}-became-{'nullable' if now else 'not-nullable'}",
        level="error" if breaks else "info",
        text=f"{site.name} {'may' if now else 'may not'} be null now",
    )


def _takes_anything(schema: JsonObject) -> bool:
    """Whether no type is written, null thus being allowed; the rule on types compares that."""
    return "type" not in schema and COMPOSITIONS.isdisjoint(schema)
