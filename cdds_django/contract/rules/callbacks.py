"""Requests that the server makes in answer: callbacks that came or went."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.references import escaped
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

ADDED = Rule(id="callback-added", level="info", text="the callback {value} was added")
REMOVED = Rule(id="callback-removed", level="warning", text="the callback {value} was removed")
RULES = (ADDED, REMOVED)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report callbacks by name, method and expression."""
    old, new = (row.request.get("callbacks", {}) for row in (site.base, site.head))
    for value in sorted(old.keys() - new.keys()):
        yield REMOVED.found(f"/request/callbacks/{escaped(value)}", value=value)
    for value in sorted(new.keys() - old.keys()):
        yield ADDED.found(f"/request/callbacks/{escaped(value)}", value=value)
