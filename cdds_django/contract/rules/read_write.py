"""Properties that became, or no longer are, read-only or write-only."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import SchemaSite

_KEYS = (("readOnly", "read-only"), ("writeOnly", "write-only"))

# Clients may not expect what they never received before; oasdiff warns of this one only.
_WARNED = "response-required-property-became-not-write-only"


def _rule(direction: str, word: str, slug: str, *, became: bool) -> Rule:
    rule = f"{direction}-{word}-property-became-{'' if became else 'not-'}{slug}"
    return Rule(
        id=rule,
        level="warning" if rule == _WARNED else "info",
        text=f"the {word} {{name}} {'became' if became else 'is no longer'} {slug}",
    )


BY_KIND = {
    (direction, word, slug, became): _rule(direction, word, slug, became=became)
    for direction in ("request", "response")
    for word in ("required", "optional")
    for _, slug in _KEYS
    for became in (True, False)
}
RULES = tuple(BY_KIND.values())


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report properties of both sides."""
    for name in site.common_properties:
        base, head = site.base_properties[name], site.head_properties[name]
        word = "required" if name in site.head_required else "optional"
        for key, slug in _KEYS:
            if bool(base.get(key)) != bool(head.get(key)):
                rule = BY_KIND[site.direction, word, slug, bool(head.get(key))]
                yield rule.found(site.part_of(name), name=f"property `{name}`")
