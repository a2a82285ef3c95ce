"""Chance that is the same in every run."""

from __future__ import annotations

from hashlib import blake2b

EMPTY = ""


def number_for(seed: str, pointer: str = EMPTY) -> int:
    """Return a number of 64 bits for a place (`pointer`) of what `seed` names."""
    digest = blake2b(f"{seed}\n{pointer}".encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big")
