"""Numbers as the page shows them. scripts/format.js does the same."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Return "8 ms", "2.81 s", "42.3 s", "3 min 12 s" or "1 h 5 min"."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def count(number: int) -> str:
    """Return "1,200"."""
    return f"{number:,}"


def ratio(part: float) -> str:
    """Return "98.8%", but "100%" and "0%" only where it is that."""
    if part in (0.0, 1.0):
        return f"{part:.0%}"
    return f"{min(max(part, 0.001), 0.999):.1%}"
