"""Words and numbers as people read them."""

from __future__ import annotations

from cdds_django.runner.outcome import ChangeRow

_NAMED_KINDS = frozenset({"setting", "operation", "template", "listing", "table", "route"})


def counted(number: int, noun: str) -> str:
    """Return "1 test" or "1,200 tests"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def changed(change: ChangeRow) -> str:
    """Return "shop/views.py::create changed" or "template base.html was removed"."""
    name = f"{change.kind} {change.key}" if change.kind in _NAMED_KINDS else change.key
    return f"{name} {change.change if change.change == 'changed' else f'was {change.change}'}"
