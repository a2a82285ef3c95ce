"""`impact.bits`: sets of subjects as integers."""

from __future__ import annotations

import random

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


def test_one_subject_after_the_other() -> None:
    """Whatever the order of their numbers, whatever they have in common."""
    chance = random.Random(7)
    numbers = [*range(20), *range(500, 540), 511, 3, *chance.sample(range(2_000), 60)]
    subjects = [(frozenset(chance.sample("abcdefghij", 5)), number) for number in numbers]
    subjects[5:5] = [(frozenset(), 900)]
    expected: BitRows[str] = BitRows()
    for found, number in subjects:
        expected.add(found, [number])

    rows: BitRows[str] = BitRows()
    rows.add(["a"], [1_900])
    rows.add_in_turn(subjects)
    rows.add_in_turn([])
    expected.add(["a"], [1_900])
    assert rows.bits() == expected.bits()
