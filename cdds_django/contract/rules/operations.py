"""Operations that came or went."""

from __future__ import annotations

from datetime import date

from cdds_django.contract.changes import Finding
from cdds_django.contract.lifecycle import SUNSET, sunset_of
from cdds_django.contract.rules.operation_lifecycle import SUNSET_UNREADABLE
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.snapshot_rows import OperationRow

ADDED = Rule(id="endpoint-added", level="info", text="{name} was added")
WEBHOOK_ADDED = Rule(id="webhook-added", level="info", text="the webhook {name} was added")
WEBHOOK_REMOVED = Rule(id="webhook-removed", level="error", text="the webhook {name} was removed")


def _removed(how: str, *, path: bool) -> Rule:
    texts = {
        "without-deprecation": "{name} was removed without having been deprecated",
        "with-deprecation": "{name} was removed, after it had been deprecated",
        "before-sunset": "{name} was removed, though it was to stay until {old}",
    }
    whole = ", with all of its path" if path else ""
    return Rule(
        id=f"api-{'path-' if path else ''}removed-{how}",
        level="info" if how == "with-deprecation" else "error",
        text=f"{texts[how]}{whole}",
    )


REMOVED = {
    (how, path): _removed(how, path=path)
    for how in ("without-deprecation", "with-deprecation", "before-sunset")
    for path in (False, True)
}
RULES = (ADDED, WEBHOOK_ADDED, WEBHOOK_REMOVED, *REMOVED.values())


def added_operation(row: OperationRow) -> Finding:
    """Say that an operation is new."""
    return ADDED.found(name=row.label)


def added_webhook(row: OperationRow) -> Finding:
    """Say that a webhook is new."""
    return WEBHOOK_ADDED.found(name=row.label)


def removed_webhook(row: OperationRow) -> Finding:
    """Say that a webhook is gone: who waits for it is called no more."""
    return WEBHOOK_REMOVED.found(name=row.label)


def removed_operation(row: OperationRow, *, path_is_gone: bool, today: date) -> Finding:
    """Say that an operation is gone: no surprise after its sunset, or when it was deprecated."""
    lifecycle = row.lifecycle
    if not lifecycle.get("deprecated"):
        return REMOVED["without-deprecation", path_is_gone].found(name=row.label)
    if SUNSET not in lifecycle:
        return REMOVED["with-deprecation", path_is_gone].found(name=row.label)
    sunset = sunset_of(lifecycle)
    if sunset is None:
        return SUNSET_UNREADABLE.found(name=row.label, old=lifecycle[SUNSET])
    how = "before-sunset" if today < sunset else "with-deprecation"
    return REMOVED[how, path_is_gone].found(name=row.label, old=sunset)
