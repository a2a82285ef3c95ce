"""Announced ends of properties (`deprecated`, `x-sunset`), and how far they can be relied on."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.lifecycle import SUNSET, rank_of, sunset_of
from cdds_django.contract.rules.rule import Family
from cdds_django.contract.sites import SchemaSite

_PLACES = (
    "request-property",
    "request-read-only-property",
    "request-parameter-property",
    "response-property",
    "response-write-only-property",
)

DEPRECATED = Family(
    suffix="deprecated",
    request="info",
    response="info",
    text="{name} was deprecated",
    places=_PLACES,
)
WITH_SUNSET = Family(
    suffix="deprecated-with-sunset",
    request="info",
    response="info",
    text="{name} was deprecated; it will be there until {new}",
    places=_PLACES,
)
INVALID_SUNSET = Family(
    suffix="deprecated-sunset-invalid",
    request="error",
    response="error",
    text="{name} was deprecated, with {new} for a date",
    places=_PLACES,
)
REACTIVATED = Family(
    suffix="reactivated",
    request="info",
    response="info",
    text="{name} is no longer deprecated",
    places=_PLACES,
)
LESS_STABLE = Family(
    suffix="stability-decreased",
    request="error",
    response="error",
    text="{name} is less stable than before: {new}",
    places=_PLACES,
)
MORE_STABLE = Family(
    suffix="stability-increased",
    request="info",
    response="info",
    text="{name} is more stable than before: {new}",
    places=_PLACES,
)
FAMILIES = (DEPRECATED, WITH_SUNSET, INVALID_SUNSET, REACTIVATED, LESS_STABLE, MORE_STABLE)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report properties of both sides."""
    for name in site.common_properties:
        base, head = site.base_properties[name], site.head_properties[name]
        if bool(base.get("deprecated")) and not head.get("deprecated"):
            yield REACTIVATED.of_property(site, name)
        elif head.get("deprecated") and not base.get("deprecated"):
            if SUNSET not in head:
                yield DEPRECATED.of_property(site, name)
            else:
                family = WITH_SUNSET if sunset_of(head) else INVALID_SUNSET
                yield family.of_property(site, name, new=head[SUNSET])
        before, after = rank_of(base), rank_of(head)
        if before is not None and after is not None and before != after:
            family = LESS_STABLE if after < before else MORE_STABLE
            yield family.of_property(site, name, new=head.get("x-stability-level", "stable"))
