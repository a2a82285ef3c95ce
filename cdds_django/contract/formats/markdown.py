"""Markdown for a comment on a pull request."""

from __future__ import annotations

from cdds_django.contract.changes import Change, Diff
from cdds_django.contract.formats.words import operation_lists, reach, summary

_LEVELS = {"error": "breaking", "warning": "look", "info": "harmless"}


def rendered(diff: Diff) -> str:
    """Return the diff as GitHub-flavoured Markdown."""
    lines = ["### Contract", "", summary(diff)]
    if diff.changes:
        lines += ["", "| | change | where | operations |", "| --- | --- | --- | --- |"]
        lines += [_row(change) for change in diff.changes]
    for title, ids in operation_lists(diff):
        names = ", ".join(f"`{name}`" for name in ids)
        lines += [
            "",
            f"<details><summary>{title} operations ({len(ids)})</summary>",
            "",
            names,
            "",
            "</details>",
        ]
    return "\n".join(lines) + "\n"


def _row(change: Change) -> str:
    cells = (_LEVELS[change.level], change.text, f"`{change.pointer}`", reach(change))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
