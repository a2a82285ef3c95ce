"""Times and names as the progress shows them."""

from __future__ import annotations

_MINUTE_S = 60
_HOUR_S = 3600


def clock(seconds: float) -> str:
    """Return "0:07", "12:30" or "1:02:03"."""
    whole = int(seconds)
    minutes, rest = divmod(whole, _MINUTE_S)
    hours, minutes = divmod(minutes, _MINUTE_S)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def about(seconds: float | None) -> str:
    """Return "about 12 s left", "about 4 min left", or nothing where that isn't known."""
    if seconds is None:
        return ""
    if seconds < 1:
        return "about 1 s left"
    if seconds < 1.5 * _MINUTE_S:
        return f"about {round(seconds) if seconds < 20 else 5 * round(seconds / 5)} s left"
    if seconds < 1.5 * _HOUR_S:
        return f"about {round(seconds / _MINUTE_S)} min left"
    return f"about {seconds / _HOUR_S:.1f} h left"


def took(seconds: float) -> str:
    """Return "3.4 s" or "2 min 5 s"."""
    if seconds < 2 * _MINUTE_S:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    return f"{minutes} min {rest} s"


def shortened(name: str, width: int) -> str:
    """Return a dotted name in at most `width` characters: its last parts tell most."""
    if len(name) <= width:
        return name
    parts = name.split(".")
    for first in range(1, len(parts)):
        short = "…" + ".".join(parts[first:])
        if len(short) <= width:
            return short
    return f"…{parts[-1][-(width - 1) :]}" if width > 1 else "…"[:width]
