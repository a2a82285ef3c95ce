"""Parameters that came, went, or became required or optional."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import OperationSite


def check(site: OperationSite) -> Iterator[Finding]:
    """Report parameters by place and name."""
    old, new = (row.request.get("parameters", {}) for row in (site.base, site.head))
    for key in sorted(old.keys() | new.keys()):
        place, name = key.split(" ", 1)
        words, part = f"{place} parameter `{name}`", f"/request/parameters/{escaped(key)}"
        if key not in new:
            yield Finding(
                id="request-parameter-removed",
                level="warning",
                text=f"the {words} was removed",
                part=part,
            )
        elif key not in old:
            required = bool(new[key].get("required"))
            yield Finding(
                id=f"new-{'required' if required else 'optional'}-request-parameter",
                level="error" if required else "info",
                text=f"the {'required' if required else 'optional'} {words} was added",
                part=part,
            )
        elif bool(old[key].get("required")) != bool(new[key].get("required")):
            required = bool(new[key].get("required"))
            yield Finding(
                id=f"request-parameter-became-{'required' if required else 'optional'}",
                level="error" if required else "info",
                text=f"the {words} became {'required' if required else 'optional'}",
                part=part,
            )
