"""How long something will be there: `deprecated`, `x-sunset`, `x-stability-level`.

The two extensions are those that oasdiff reads: a date (RFC 3339), and one of STABILITY_LEVELS.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

SUNSET = "x-sunset"
STABILITY = "x-stability-level"

STABILITY_LEVELS = ("draft", "alpha", "beta", "stable")
"""From what may change tomorrow to what is promised; what says nothing is stable."""

_PROMISED_FROM = STABILITY_LEVELS.index("beta")


def sunset_of(holder: Mapping[str, Any]) -> date | None:
    """Return the day from which on `holder` may be gone, None without one or for no date."""
    written = holder.get(SUNSET)
    if not isinstance(written, str):
        return None
    with suppress(ValueError):
        return date.fromisoformat(written)
    with suppress(ValueError):
        return datetime.fromisoformat(written).date()
    return None


def rank_of(holder: Mapping[str, Any]) -> int | None:
    """Return the place of the stability of `holder` in STABILITY_LEVELS, None for another word."""
    level = holder.get(STABILITY, "stable")
    return STABILITY_LEVELS.index(level) if level in STABILITY_LEVELS else None


def is_promised(lifecycle: Mapping[str, Any]) -> bool:
    """Whether clients were told to rely on an operation: a draft or alpha one breaks nobody."""
    rank = rank_of(lifecycle)
    return rank is None or rank >= _PROMISED_FROM
