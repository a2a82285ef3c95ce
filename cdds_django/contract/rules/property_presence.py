"""Properties that came or went."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import SchemaSite, hidden


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report properties that only one side has, as far as they belong to this direction."""
    old, new = site.base_properties, site.head_properties
    for name in sorted(old.keys() - new.keys()):
        yield from (_removed_from_request if site.is_request else _removed_from_response)(
            site, name, hidden(old[name], site.direction)
        )
    for name in sorted(new.keys() - old.keys()):
        yield from (_added_to_request if site.is_request else _added_to_response)(
            site, name, hidden(new[name], site.direction)
        )


def _removed_from_request(site: SchemaSite, name: str, unseen: bool) -> Iterator[Finding]:
    if not unseen:
        yield _finding(f"{site.property_subject}-removed", "warning", name, "was removed")


def _added_to_request(site: SchemaSite, name: str, unseen: bool) -> Iterator[Finding]:
    if unseen:
        return
    required = name in site.head_required and "default" not in site.head_properties[name]
    word = "required" if required else "optional"
    yield _finding(
        f"new-{word}-{site.property_subject}",
        "error" if required else "info",
        name,
        f"was added, {word}",
    )


def _removed_from_response(site: SchemaSite, name: str, unseen: bool) -> Iterator[Finding]:
    word = "required" if name in site.base_required else "optional"
    if unseen:
        kind, level = f"{word}-write-only", "info"
    else:
        kind, level = word, "error" if word == "required" else "warning"
    yield _finding(_response_id(kind, "removed"), level, name, "was removed")


def _added_to_response(site: SchemaSite, name: str, unseen: bool) -> Iterator[Finding]:
    word = "required" if name in site.head_required else "optional"
    kind = f"{word}-write-only" if unseen else word
    yield _finding(_response_id(kind, "added"), "info", name, "was added")


def _response_id(kind: str, change: str) -> str:
    return f"response-{kind}-property-{change}"


def _finding(rule: str, level: str, name: str, text: str) -> Finding:
    levels: dict[str, Level] = {"error": "error", "warning": "warning", "info": "info"}
    return Finding(
        id=rule,
        level=levels[level],
        text=f"the property `{name}` {text}",
        part=f"/properties/{escaped(name)}",
    )
