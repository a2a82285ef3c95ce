"""Properties that became required or optional."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import HEADER_PROPERTY, Family
from cdds_django.contract.sites import SchemaSite

_PLACES = (
    "request-property",
    "request-read-only-property",
    "request-parameter-property",
    "response-property",
    "response-write-only-property",
)

REQUIRED = Family(
    suffix="became-required",
    request="error",
    response="info",
    text="{name} became required",
    places=(*_PLACES, HEADER_PROPERTY),
)
REQUIRED_WITH_DEFAULT = Family(
    suffix="became-required-with-default",
    request="error",
    response="info",
    text="{name} became required, though it has a default",
    places=("request-property", "request-parameter-property"),
)
OPTIONAL = Family(
    suffix="became-optional",
    request="info",
    response="error",
    text="{name} became optional",
    places=_PLACES,
)
FAMILIES = (REQUIRED, REQUIRED_WITH_DEFAULT, OPTIONAL)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report properties that both sides have and only one requires."""
    changed = site.base_required ^ site.head_required
    for name in site.common_properties:
        if name in changed:
            yield _family(site, name).of_property(site, name)


def _family(site: SchemaSite, name: str) -> Family:
    if name not in site.head_required:
        return OPTIONAL
    if site.is_request and not site.hides(name) and "default" in site.head_properties[name]:
        return REQUIRED_WITH_DEFAULT
    return REQUIRED
