"""Responses, their media types and headers that came or went."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import JsonObject
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import OperationSite


def check(site: OperationSite) -> Iterator[Finding]:
    """Report what an operation may answer now, apart from schemas."""
    old, new = site.base.responses, site.head.responses
    for status in sorted(old.keys() | new.keys()):
        part = f"/responses/{status}"
        kind = "success" if status.startswith("2") else "non-success"
        if status not in new:
            yield Finding(
                id=f"response-{kind}-status-removed",
                level="error" if kind == "success" else "info",
                text=f"the {status} response was removed",
                part=part,
            )
        elif status not in old:
            yield Finding(
                id=f"response-{kind}-status-added",
                level="info",
                text=f"the {status} response was added",
                part=part,
            )
        else:
            yield from _media_types(status, old[status], new[status], part)
            yield from _headers(status, old[status], new[status], part)


def _media_types(status: str, old: JsonObject, new: JsonObject, part: str) -> Iterator[Finding]:
    before, after = old.get("content", {}).keys(), new.get("content", {}).keys()
    for name in sorted(before - after):
        yield Finding(
            id="response-media-type-removed",
            level="error",
            text=f"the {status} response can't be `{name}` any more",
            part=f"{part}/{escaped(name)}",
        )
    for name in sorted(after - before):
        yield Finding(
            id="response-media-type-added",
            level="info",
            text=f"the {status} response may be `{name}` now",
            part=f"{part}/{escaped(name)}",
        )


def _headers(status: str, old: JsonObject, new: JsonObject, part: str) -> Iterator[Finding]:
    before, after = old.get("headers", {}), new.get("headers", {})
    for name in sorted(before.keys() - after.keys()):
        word = "required" if before[name].get("required") else "optional"
        yield Finding(
            id=f"{word}-response-header-removed",
            level="error" if word == "required" else "warning",
            text=f"the {word} header `{name}` of the {status} response was removed",
            part=f"{part}/headers/{escaped(name)}",
        )
    for name in sorted(after.keys() - before.keys()):
        yield Finding(
            id="response-header-added",
            level="info",
            text=f"the header `{name}` of the {status} response was added",
            part=f"{part}/headers/{escaped(name)}",
        )
    for name in sorted(before.keys() & after.keys()):
        was, now = bool(before[name].get("required")), bool(after[name].get("required"))
        if was != now:
            yield Finding(
                id=f"response-header-became-{'required' if now else 'optional'}",
                level="info" if now else "error",
                text=f"the header `{name}` of the {status} response became "
                f"{'required' if now else 'optional'}",
                part=f"{part}/headers/{escaped(name)}",
            )
