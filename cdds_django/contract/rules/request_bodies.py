"""Request bodies and their media types that came, went, or became required or optional."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import OperationSite

_PART = "/request/body"


def check(site: OperationSite) -> Iterator[Finding]:
    """Report what a request's body may be now, apart from its schema."""
    old, new = (row.request.get("body", {}) for row in (site.base, site.head))
    if not old and new:
        word = "required" if new.get("required") else "optional"
        yield Finding(
            id=f"request-body-added-{word}",
            level="error" if word == "required" else "info",
            text=f"the {word} request body was added",
            part=_PART,
        )
    elif old and not new:
        yield Finding(
            id="request-body-removed",
            level="error",
            text="the request body was removed",
            part=_PART,
        )
    elif bool(old.get("required")) != bool(new.get("required")):
        word = "required" if new.get("required") else "optional"
        yield Finding(
            id=f"request-body-became-{word}",
            level="error" if word == "required" else "info",
            text=f"the request body became {word}",
            part=_PART,
        )
    if old and new:
        yield from _media_types(old.get("content", {}).keys(), new.get("content", {}).keys())


def _media_types(old: set[str], new: set[str]) -> Iterator[Finding]:
    for name in sorted(old - new):
        yield Finding(
            id="request-body-media-type-removed",
            level="error",
            text=f"the request body can't be `{name}` any more",
            part=f"{_PART}/{escaped(name)}",
        )
    for name in sorted(new - old):
        yield Finding(
            id="request-body-media-type-added",
            level="info",
            text=f"the request body may be `{name}` now",
            part=f"{_PART}/{escaped(name)}",
        )
