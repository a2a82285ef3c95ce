"""Security of the whole document: what all operations take over, and the schemes themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import JsonObject
from cdds_django.contract.references import escaped
from cdds_django.contract.requirements import alternatives, named_schemes, uses
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.rules.security import compared
from cdds_django.contract.sites import DocumentSite
from cdds_django.contract.snapshot_rows import OperationRow

Reached = tuple[Finding, list[OperationRow]]
"""A finding and the operations, of the head, that it concerns."""

ADDED = Rule(id="api-global-security-added", level="info", text="{name} lets clients in everywhere")
REMOVED = Rule(
    id="api-global-security-removed",
    level="info",
    text="{name} no longer lets clients in everywhere",
)
SCOPE_ADDED = Rule(
    id="api-global-security-scope-added",
    level="info",
    text="{name} needs the scope `{value}` everywhere now",
)
SCOPE_REMOVED = Rule(
    id="api-global-security-scope-removed",
    level="info",
    text="{name} no longer needs the scope `{value}` everywhere",
)
SCHEME_ADDED = Rule(
    id="api-security-component-added", level="info", text="the security scheme {name} was added"
)
SCHEME_REMOVED = Rule(
    id="api-security-component-removed",
    level="info",
    text="the security scheme {name} was removed",
)
TYPE_CHANGED = Rule(
    id="api-security-component-type-changed",
    level="info",
    text="the type of the security scheme {name} changed from {old} to {new}",
)
CHANGED = Rule(
    id="api-security-component-changed",
    level="warning",
    text="{key} of the security scheme {name} changed from {old} to {new}",
)
URL_CHANGED = Rule(
    id="api-security-component-oauth-url-changed",
    level="info",
    text="authorizationUrl of the flow {key} of {name} changed from {old} to {new}",
)
TOKEN_URL_CHANGED = Rule(
    id="api-security-component-oauth-token-url-changed",
    level="info",
    text="tokenUrl of the flow {key} of {name} changed from {old} to {new}",
)
OAUTH_SCOPE_ADDED = Rule(
    id="api-security-component-oauth-scope-added",
    level="info",
    text="the flow {key} of {name} knows the scope `{value}` now",
)
OAUTH_SCOPE_REMOVED = Rule(
    id="api-security-component-oauth-scope-removed",
    level="info",
    text="the flow {key} of {name} no longer knows the scope `{value}`",
)
RULES = (
    ADDED,
    REMOVED,
    SCOPE_ADDED,
    SCOPE_REMOVED,
    SCHEME_ADDED,
    SCHEME_REMOVED,
    TYPE_CHANGED,
    CHANGED,
    URL_CHANGED,
    TOKEN_URL_CHANGED,
    OAUTH_SCOPE_ADDED,
    OAUTH_SCOPE_REMOVED,
)

_PLAIN = ("scheme", "in", "name", "openIdConnectUrl")


def check(site: DocumentSite) -> Iterator[Reached]:
    """Report the document's own requirements, then its schemes."""
    base, head = site.base.document, site.head.document
    names = named_schemes(base.schemes, head.schemes)
    rows = [
        row
        for row in site.head.operations
        if row.request.get("security", []) == head.security
        and (old := site.base.by_label.get(row.label)) is not None
        and old.request.get("security", []) == base.security
    ]
    found = compared(
        alternatives(base.security, names[0]),
        alternatives(head.security, names[1]),
        (ADDED, REMOVED, SCOPE_ADDED, SCOPE_REMOVED),
        "#/security",
    )
    for finding in found:
        yield finding, rows
    yield from _schemes(site)


def _schemes(site: DocumentSite) -> Iterator[Reached]:
    old, new = site.base.document.schemes, site.head.document.schemes
    for name in sorted(old.keys() - new.keys()):
        if old[name] not in new.values():
            yield SCHEME_REMOVED.found(_part(name), name=name), []
    for name in sorted(new.keys() - old.keys()):
        if new[name] not in old.values():
            yield SCHEME_ADDED.found(_part(name), name=name), []
    for name in sorted(old.keys() & new.keys()):
        rows = [
            row for row in site.head.operations if uses(row.request.get("security", []), new[name])
        ]
        for finding in _scheme(name, old[name], new[name]):
            yield finding, rows


def _scheme(name: str, old: JsonObject, new: JsonObject) -> Iterator[Finding]:
    if old.get("type") != new.get("type"):
        words = {"old": old.get("type"), "new": new.get("type")}
        yield TYPE_CHANGED.found(_part(name), name=name, **words)
        return
    for key in _PLAIN:
        if old.get(key) != new.get(key):
            words = {"old": old.get(key, "none"), "new": new.get(key, "none")}
            yield CHANGED.found(_part(name), name=name, key=key, **words)
    flows, new_flows = old.get("flows", {}), new.get("flows", {})
    if not isinstance(flows, dict) or not isinstance(new_flows, dict):
        return
    for key in sorted(flows.keys() | new_flows.keys()):
        yield from _flow(name, key, _object(flows.get(key)), _object(new_flows.get(key)))


def _flow(name: str, key: str, old: JsonObject, new: JsonObject) -> Iterator[Finding]:
    part = f"{_part(name)}/flows/{escaped(key)}"
    for field, rule in (("authorizationUrl", URL_CHANGED), ("tokenUrl", TOKEN_URL_CHANGED)):
        if old.get(field) != new.get(field):
            words = {"old": old.get(field, "none"), "new": new.get(field, "none")}
            yield rule.found(part, name=name, key=key, **words)
    before, after = _object(old.get("scopes")), _object(new.get("scopes"))
    for value in sorted(before.keys() - after.keys()):
        yield OAUTH_SCOPE_REMOVED.found(part, name=name, key=key, value=value)
    for value in sorted(after.keys() - before.keys()):
        yield OAUTH_SCOPE_ADDED.found(part, name=name, key=key, value=value)


def _part(name: str) -> str:
    return f"#/components/securitySchemes/{escaped(name)}"


def _object(value: Any) -> JsonObject:
    return value if isinstance(value, dict) else {}
