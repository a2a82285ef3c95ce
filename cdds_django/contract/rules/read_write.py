"""Properties that became, or no longer are, read-only or write-only."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import SchemaSite, hidden

_KEYS = (("readOnly", "read-only"), ("writeOnly", "write-only"))


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report properties of both sides; one newly sent that is required is new to clients."""
    for name in sorted(site.base_properties.keys() & site.head_properties.keys()):
        base, head = site.base_properties[name], site.head_properties[name]
        word = "required" if name in site.head_required else "optional"
        for key, slug in _KEYS:
            if bool(base.get(key)) == bool(head.get(key)):
                continue
            now = bool(head.get(key))
            appeared = hidden(base, site.direction) and not hidden(head, site.direction)
            breaks = appeared and word == "required"
            yield Finding(
                id=f"{site.property_subject.replace('-', f'-{word}-', 1)}-became-"
                f"{'' if now else 'not-'}{slug}",
                level="warning" if breaks else "info",
                text=f"the {word} property `{name}` {'became' if now else 'is no longer'} {slug}",
                part=f"/properties/{escaped(name)}",
            )
