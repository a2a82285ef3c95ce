"""Responses that came or went."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

SUCCESS_ADDED = Rule(
    id="response-success-status-added", level="info", text="the {status} response was added"
)
SUCCESS_REMOVED = Rule(
    id="response-success-status-removed", level="error", text="the {status} response was removed"
)
OTHER_ADDED = Rule(
    id="response-non-success-status-added", level="info", text="the {status} response was added"
)
OTHER_REMOVED = Rule(
    id="response-non-success-status-removed",
    level="info",
    text="the {status} response was removed",
)
RULES = (SUCCESS_ADDED, SUCCESS_REMOVED, OTHER_ADDED, OTHER_REMOVED)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report statuses that only one side has."""
    old, new = site.base.responses.keys(), site.head.responses.keys()
    for status in sorted(old ^ new):
        success = status.startswith("2")
        if status in new:
            rule = SUCCESS_ADDED if success else OTHER_ADDED
        else:
            rule = SUCCESS_REMOVED if success else OTHER_REMOVED
        yield rule.found(f"/responses/{status}", status=status)
