"""Annotations for GitHub Actions: one workflow command for each change."""

from __future__ import annotations

from cdds_django.contract.changes import Change, Diff
from cdds_django.contract.formats.words import reach

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def rendered(diff: Diff) -> str:
    """Return a line for each change, nothing when there is none."""
    return "".join(_line(change) for change in diff.changes)


def _line(change: Change) -> str:
    title = _escaped(change.id).replace(":", "%3A").replace(",", "%2C")
    message = _escaped(f"{change.text}, in {change.pointer}; reaches {reach(change)}")
    return f"::{_COMMANDS[change.level]} title={title}::{message}\n"


def _escaped(text: str) -> str:
    """Escape as the toolkit of GitHub Actions does (its core/src/command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
