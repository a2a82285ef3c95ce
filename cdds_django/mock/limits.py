"""How much a mock may hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds that keep a mock from eating the machine; each has an answer of its own."""

    body_bytes: int = 10 * 1024 * 1024
    """Longest body of a request; a longer one is answered with 413."""
    batches: int = 20_000
    """Most batches at a time; a fork beyond is answered with 429."""
    memory_bytes: int = 1024 * 1024 * 1024
    """Most bytes that all rows written to batches take together, seeds included, by an estimate
    from their texts; a write beyond is answered with 429."""
    calls_per_batch: int = 500
    """How many of a batch's last calls are kept in full. Which operations were called, and how
    often, is kept without limit."""


DEFAULT_LIMITS = Limits()
