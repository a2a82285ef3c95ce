"""Tags: documentation and generated clients group operations by them."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

ADDED = Rule(id="api-tag-added", level="info", text="the tag `{value}` was added")
REMOVED = Rule(id="api-tag-removed", level="info", text="the tag `{value}` was removed")
RULES = (ADDED, REMOVED)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report tags that came or went."""
    old, new = set(site.base.tags), set(site.head.tags)
    for value in sorted(old - new):
        yield REMOVED.found("/tags", value=value)
    for value in sorted(new - old):
        yield ADDED.found("/tags", value=value)
