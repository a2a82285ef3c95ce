"""Measured points: lines, or arcs from line to line, each as one integer.

coverage.py measures arcs where branches count, otherwise lines. An arc into or out of a code object
has the negative of its first line at one end
(https://coverage.readthedocs.io/en/latest/branch.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

_OFFSET = 1 << 23
_WIDTH = 1 << 24


class Place(NamedTuple):
    """Where points were seen."""

    file: str
    """Its path as coverage.py names it."""
    context: str
    """The context of coverage.py that was in force; most often ""."""


Points = frozenset[int]
Lines = Mapping[Place, Points]
"""What a stretch of a run covered."""

Measured = Mapping[str, Lines]
"""What each owner covered (`owners.py`)."""

ARC_SQL = f"(fromno + {_OFFSET}) * {_WIDTH} + tono + {_OFFSET}"
"""`arc` over the columns of coverage.py's table, as SQLite computes it."""


def arc(start: int, end: int) -> int:
    """Return the integer that stands for an arc."""
    return (start + _OFFSET) * _WIDTH + end + _OFFSET


def ends(point: int) -> tuple[int, int]:
    """Return the two lines of an arc."""
    start, end = divmod(point, _WIDTH)
    return start - _OFFSET, end - _OFFSET


def joined(parts: Iterable[Lines]) -> dict[Place, set[int]]:
    """Return all points of several stretches."""
    found: dict[Place, set[int]] = {}
    for lines in parts:
        for place, points in lines.items():
            found.setdefault(place, set()).update(points)
    return found
