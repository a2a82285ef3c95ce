"""operationId changed: generated clients call another function; nothing changes on the wire."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.operations import derived_id
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite
from cdds_django.contract.snapshot_rows import OperationRow

ADDED = Rule(
    id="api-operation-id-added", level="info", text="the operationId is `{new}`, and was none"
)
REMOVED = Rule(
    id="api-operation-id-removed", level="info", text="the operationId `{old}` became `{new}`"
)
RULES = (ADDED, REMOVED)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report an operation that is now called otherwise."""
    old, new = site.base.operation_id, site.head.operation_id
    if old == new or (_is_derived(site.base) and _is_derived(site.head)):
        return
    rule = ADDED if _is_derived(site.base) else REMOVED
    yield rule.found("/operationId", old=old, new=new)


def _is_derived(row: OperationRow) -> bool:
    return row.operation_id == derived_id(row.method, row.path)
