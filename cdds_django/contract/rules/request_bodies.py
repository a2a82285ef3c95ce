"""Request bodies that came, went, or became required or optional."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

ADDED_REQUIRED = Rule(
    id="request-body-added-required", level="error", text="a required request body was added"
)
ADDED_OPTIONAL = Rule(
    id="request-body-added-optional", level="info", text="an optional request body was added"
)
REMOVED = Rule(id="request-body-removed", level="error", text="the request body was removed")
REQUIRED = Rule(
    id="request-body-became-required", level="error", text="the request body became required"
)
OPTIONAL = Rule(
    id="request-body-became-optional", level="info", text="the request body became optional"
)
RULES = (ADDED_REQUIRED, ADDED_OPTIONAL, REMOVED, REQUIRED, OPTIONAL)

_PART = "/request/body"


def check(site: OperationSite) -> Iterator[Finding]:
    """Report whether a request has a body."""
    old, new = (row.request.get("body", {}) for row in (site.base, site.head))
    required = bool(new.get("required"))
    if not old and new:
        yield (ADDED_REQUIRED if required else ADDED_OPTIONAL).found(_PART)
    elif old and not new:
        yield REMOVED.found(_PART)
    elif bool(old.get("required")) != required:
        yield (REQUIRED if required else OPTIONAL).found(_PART)
