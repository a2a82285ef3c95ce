"""An operation's or parameter's announced end (OpenAPI's `deprecated`)."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import OperationSite


def check(site: OperationSite) -> Iterator[Finding]:
    """Report what was deprecated, and what no longer is."""
    yield from _found(
        "endpoint",
        "the operation",
        bool(site.base.lifecycle.get("deprecated")),
        bool(site.head.lifecycle.get("deprecated")),
        "/lifecycle",
    )
    old, new = (row.request.get("parameters", {}) for row in (site.base, site.head))
    for key in sorted(old.keys() & new.keys()):
        yield from _found(
            "request-parameter",
            f"the parameter `{key.split(' ', 1)[1]}`",
            bool(old[key].get("deprecated")),
            bool(new[key].get("deprecated")),
            f"/request/parameters/{escaped(key)}",
        )


def _found(subject: str, name: str, old: bool, new: bool, part: str) -> Iterator[Finding]:
    if new and not old:
        yield Finding(
            id=f"{subject}-deprecated", level="info", text=f"{name} was deprecated", part=part
        )
    elif old and not new:
        yield Finding(
            id=f"{subject}-reactivated",
            level="info",
            text=f"{name} is no longer deprecated",
            part=part,
        )
