"""Operations that came or went."""

from __future__ import annotations

from cdds_django.contract.changes import Finding
from cdds_django.contract.snapshot_rows import OperationRow


def added_operation(row: OperationRow) -> Finding:
    """Say that an operation is new."""
    return Finding(id="endpoint-added", level="info", text=f"{row.label} was added")


def removed_operation(row: OperationRow) -> Finding:
    """Say that an operation is gone: no surprise when it had been deprecated."""
    if row.lifecycle.get("deprecated"):
        return Finding(
            id="api-removed-with-deprecation",
            level="info",
            text=f"{row.label} was removed, after it had been deprecated",
        )
    return Finding(
        id="api-removed-without-deprecation",
        level="error",
        text=f"{row.label} was removed without having been deprecated",
    )
