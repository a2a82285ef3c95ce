"""Sets of subjects as integers with a bit for each, and their form in the map."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Hashable, Iterable, Set
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
    """A set of subjects for each of many rows, built up subject by subject.

    Subjects whose numbers are near to each other are of the same class or app and have many rows
    in common, and most rows have few other subjects. So what is kept is a short integer for each
    row and each block of subjects that has any.
    """

    _BLOCK = 512

    def __init__(self) -> None:
        self._blocks: dict[int, dict[Row, int]] = {}
        self._whole: dict[Row, int] = {}

    def add(self, rows: Collection[Row], numbers: Iterable[int]) -> None:
        """Add the subjects `numbers` to each of `rows`."""
        masks: dict[int, int] = {}
        for number in numbers:
            block, place = divmod(number, self._BLOCK)
            masks[block] = masks.get(block, 0) | 1 << place
        for block, mask in masks.items():
            table = self._blocks.setdefault(block, {})
            get = table.get
            for row in rows:
                table[row] = get(row, 0) | mask

    def add_in_turn(self, subjects: Iterable[tuple[Set[Row], int]]) -> None:
        """Do what `add` does for one subject after the other, each given as its rows and number.

        Most rows of a subject are the next one's, too. So a row is written where a stretch of
        subjects ends that have it, and what begins and ends is found by Python's own sets.
        """
        seen = block = 0
        table = self._blocks.setdefault(0, {})
        before: Set[Row] = frozenset()
        since: dict[Row, int] = {}
        """What was seen before each row that the last subject has came up."""
        for rows, number in subjects:
            of_number, place = divmod(number, self._BLOCK)
            if of_number != block or seen >> place & 1:
                for row, earlier in since.items():
                    table[row] = table.get(row, 0) | seen ^ earlier
                seen, block, before = 0, of_number, frozenset()
                table = self._blocks.setdefault(block, {})
                since.clear()
            for row in before - rows:
                table[row] = table.get(row, 0) | seen ^ since.pop(row)
            for row in rows - before:
                since[row] = seen
            seen |= 1 << place
            before = rows
        for row, earlier in since.items():
            table[row] = table.get(row, 0) | seen ^ earlier

    def add_bits(self, rows: Iterable[Row], bits: int) -> None:
        """Add subjects that are given as bits to each of `rows`, unless there are none."""
        if bits:
            for row in rows:
                self._whole[row] = self._whole.get(row, 0) | bits

    def bits(self) -> dict[Row, int]:
        """Return every row's set as an integer with a bit for each subject."""
        found = dict(self._whole)
        for block, table in sorted(self._blocks.items()):
            shift = block * self._BLOCK
            for row, bits in table.items():
                found[row] = found.get(row, 0) | bits << shift
        return found
