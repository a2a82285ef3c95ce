"""Sets of subjects as integers with a bit for each, and their form in the map."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Hashable, Iterable
from typing import Generic, TypeVar

Row = TypeVar("Row", bound=Hashable)


def bit_set(numbers: Iterable[int]) -> int:
    """Return an integer whose bits at `numbers` are set."""
    numbers = list(numbers)
    if not numbers:
        return 0
    raw = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        raw[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(raw, "little")


def members(bits: int) -> list[int]:
    """Return the places of the set bits, in order."""
    found = []
    for index, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        if byte:
            found += [index * 8 + bit for bit in range(8) if byte >> bit & 1]
    return found


def pack(bits: int) -> bytes:
    """Return the compressed form."""
    return zlib.compress(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), 1)


def unpack(packed: bytes) -> int:
    """Return the bits of a compressed form. Raises zlib.error when it is broken."""
    return int.from_bytes(zlib.decompress(packed), "little")


class BitRows(Generic[Row]):
    """A set of subjects for each of many rows, built up subject by subject."""

    def __init__(self, size: int) -> None:
        self._bytes = size // 8 + 1
        self._rows: dict[Row, bytearray] = {}

    def add(self, rows: Iterable[Row], numbers: Collection[int]) -> None:
        """Add the subjects `numbers`, each below `size`, to each of `rows`."""
        places = [(number >> 3, 1 << (number & 7)) for number in numbers]
        if not places:
            return
        table, length = self._rows, self._bytes
        for row in rows:
            raw = table.get(row)
            if raw is None:
                raw = table[row] = bytearray(length)
            for index, bit in places:
                raw[index] |= bit

    def bits(self) -> dict[Row, int]:
        """Return every row's set as an integer with a bit for each subject."""
        return {row: int.from_bytes(raw, "little") for row, raw in self._rows.items()}
