"""Chance that is the same in every run."""

from __future__ import annotations

from hashlib import blake2b


def number_for(seed: str, pointer: str = "") -> int:
    """Return a number of 64 bits for a place (`pointer`) of what `seed` names."""
    digest = blake2b(f"{seed}\n{pointer}".encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big")


class Chance:
    """A row of numbers from one seed (Knuth's linear congruential generator, MMIX).

    The standard library's Random takes ten times as long to be made, and is made for each text.
    """

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, bound: int) -> int:
        """Return the next number, from 0 to `bound` - 1."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % bound
