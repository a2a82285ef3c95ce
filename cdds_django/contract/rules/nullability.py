"""Whether null is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.keywords import COMPOSITIONS
from cdds_django.contract.literals import JsonObject
from cdds_django.contract.rules.rule import Family
from cdds_django.contract.sites import SchemaSite

NULLABLE = Family(
    suffix="became-nullable", request="info", response="error", text="{name} may be null now"
)
NOT_NULLABLE = Family(
    suffix="became-not-nullable",
    request="error",
    response="info",
    text="{name} may not be null any more",
)
FAMILIES = (NULLABLE, NOT_NULLABLE)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report null newly refused by a request, or newly sent by a response."""
    was, now = bool(site.base.get("nullable")), bool(site.head.get("nullable"))
    if was == now or _takes_anything(site.base) or _takes_anything(site.head):
        return
    yield (NULLABLE if now else NOT_NULLABLE).found(site)


def _takes_anything(schema: JsonObject) -> bool:
    """Whether no type is written, null thus being allowed; the rule on types compares that."""
    return "type" not in schema and COMPOSITIONS.isdisjoint(schema)
