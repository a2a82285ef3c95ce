"""Text for people: changes by level, then the operations."""

from __future__ import annotations

from cdds_django.contract.changes import Diff
from cdds_django.contract.formats.words import operation_lists, reach, summary

_TITLES = (("error", "Breaking"), ("warning", "To look at"), ("info", "Harmless"))


def rendered(diff: Diff) -> str:
    """Return the diff as plain text."""
    lines = [summary(diff)]
    for level, title in _TITLES:
        changes = [change for change in diff.changes if change.level == level]
        if changes:
            lines += ["", f"{title}:"]
        for change in changes:
            lines += [
                f"  {change.text}  [{change.id}]",
                f"    in {change.pointer}",
                f"    reaches {reach(change)}",
            ]
    for title, ids in operation_lists(diff):
        lines += ["", f"{title} operations ({len(ids)}):", *(f"  {name}" for name in ids)]
    return "\n".join(lines) + "\n"
