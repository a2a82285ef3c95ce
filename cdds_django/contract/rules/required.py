"""Properties that became required or optional."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import SchemaSite, hidden


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report properties that both sides have and only one requires."""
    common = site.base_properties.keys() & site.head_properties.keys()
    for name in sorted(common & (site.base_required ^ site.head_required)):
        head = site.head_properties[name]
        if hidden(head, site.direction):
            continue
        now = name in site.head_required
        change = f"became-{'required' if now else 'optional'}"
        level: Level = "error" if now == site.is_request else "info"
        if now and site.is_request and "default" in head:
            change += "-with-default"
        yield Finding(
            id=f"{site.property_subject}-{change}",
            level=level,
            text=f"the property `{name}` became {'required' if now else 'optional'}",
            part=f"/properties/{escaped(name)}",
        )
