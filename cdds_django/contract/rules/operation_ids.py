"""operationId changed: generated clients call another function; nothing changes on the wire."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.sites import OperationSite


def check(site: OperationSite) -> Iterator[Finding]:
    """Report an operation that is now called otherwise."""
    old, new = site.base.operation_id, site.head.operation_id
    if old != new:
        yield Finding(
            id="api-operation-id-removed",
            level="info",
            text=f"the operationId `{old}` became `{new}`",
            part="/operationId",
        )
