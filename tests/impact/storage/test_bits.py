"""`impact.bits`: sets of subjects as integers."""

from __future__ import annotations

import pytest

from cdds_django.impact.storage.bits import BitRows, bit_set, members, pack, unpack


@pytest.mark.parametrize("numbers", [[], [0], [7, 8, 9], [3, 1_000]])
def test_sets_come_back(numbers: list[int]) -> None:
    assert members(unpack(pack(bit_set(numbers)))) == numbers


def test_rows_add_up() -> None:
    rows: BitRows[str] = BitRows()
    rows.add(["a", "b"], [1])
    rows.add(["a"], [9, 1_900, 700])
    rows.add(["c"], [])
    rows.add_bits(["b", "d"], bit_set([2, 3_000]))
    rows.add_bits(["c"], 0)

    assert {row: members(bits) for row, bits in rows.bits().items()} == {
        "a": [1, 9, 700, 1_900],
        "b": [1, 2, 3_000],
        "d": [2, 3_000],
    }
