"""Sentences that several formats share."""

from __future__ import annotations

from collections.abc import Sequence

from cdds_django.contract.changes import Change, Diff

_NAMED = 3
"""Operations named beside a change; all affected ones are listed once below."""


def summary(diff: Diff) -> str:
    """Return one line: how many changes of which level, and how many operations they affect."""
    if not diff.changes:
        return "The contracts are the same."
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for change in diff.changes:
        counts[change.level] += 1
    return (
        f"{counted(len(diff.changes), 'change')}: {counts['error']} breaking, "
        f"{counts['warning']} to look at, {counts['info']} harmless; "
        f"{counted(len(diff.affected), 'operation')} affected."
    )


def reach(change: Change) -> str:
    """Return the operations a change reaches, in a few words."""
    first = ", ".join(change.operations[:_NAMED])
    more = len(change.operations) - _NAMED
    return f"{first} and {more} more" if more > 0 else first


def counted(number: int, noun: str) -> str:
    """Return `1 change`, `2 changes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def operation_lists(diff: Diff) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return the lists of operationIds that aren't empty, with their titles."""
    lists = (
        ("Added", diff.added),
        ("Removed", diff.removed),
        ("Changed", diff.changed),
        ("Affected", diff.affected),
    )
    return [(title, ids) for title, ids in lists if ids]
