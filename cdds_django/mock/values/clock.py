"""Time as batches have it: it starts at one instant and moves on with each write."""

from __future__ import annotations

import time
from functools import lru_cache

EPOCH = 1_767_225_600
"""Where the clock of every batch starts: 2026-01-01T00:00:00Z, in Unix seconds."""


@lru_cache(maxsize=4096)
def instant_at(seconds: int) -> str:
    """Return Unix seconds as RFC 3339 in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
