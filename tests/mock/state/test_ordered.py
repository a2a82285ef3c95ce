"""A persistent map behaves as a dict, and never changes what was there before."""

from __future__ import annotations

from random import Random

import pytest

from cdds_django.mock.state.ordered import CHUNK, OrderedMap


@pytest.mark.parametrize("seed", range(5))
def test_it_behaves_as_a_dict_and_old_ones_stay(seed):
    random = Random(seed)
    mapping: OrderedMap[int, int] = OrderedMap()
    model: dict[int, int] = {}
    kept = []
    for step in range(1_500):
        key = random.randrange(600)
        if random.random() < 0.7:
            mapping = mapping.with_entry(key, step)
            model[key] = step
        else:
            mapping = mapping.without(key)
            model.pop(key, None)
        if step % 100 == 0:
            kept.append((mapping, dict(model)))
    for old, expected in [*kept, (mapping, model)]:
        assert dict(old.items()) == expected
        assert list(old.keys()) == list(expected)
        assert list(old.values()) == list(expected.values())
        assert len(old) == len(expected)
        for start, count in ((0, 5), (3, 300), (250, 50), (700, 10)):
            assert old.slice(start, count) == list(expected.values())[start : start + count]
    assert mapping.get(10_000) is None
    assert (10_000 in mapping, next(iter(model)) in mapping) == (False, True)


def test_a_write_shares_all_chunks_but_one():
    mapping: OrderedMap[int, int] = OrderedMap()
    for key in range(10 * CHUNK):
        mapping = mapping.with_entry(key, key)
    for written in (mapping.with_entry(5, 0), mapping.with_entry(-1, 0), mapping.without(700)):
        old = {id(chunk) for chunk in mapping._chunks}
        assert len([chunk for chunk in written._chunks if id(chunk) not in old]) == 1


def test_a_look_up_asks_no_more_chunks_in_a_larger_map():
    class Counting(str):
        __slots__ = ()
        compared = 0

        def __hash__(self):
            Counting.compared += 1
            return super().__hash__()

    costs = []
    for size in (2 * CHUNK, 40 * CHUNK):
        mapping: OrderedMap[str, int] = OrderedMap()
        for number in range(size):
            mapping = mapping.with_entry(str(number), number)
        Counting.compared = 0
        assert Counting("no such key") not in mapping
        assert mapping.get(Counting("7")) == 7
        mapping.with_entry(Counting("new"), 0)
        costs.append(Counting.compared)
    assert costs[0] == costs[1]


def test_what_lost_nearly_all_its_entries_has_few_chunks():
    mapping: OrderedMap[int, int] = OrderedMap()
    for key in range(20 * CHUNK):
        mapping = mapping.with_entry(key, key)
    for key in range(20 * CHUNK):
        if key % 40:
            mapping = mapping.without(key)
    assert list(mapping.keys()) == list(range(0, 20 * CHUNK, 40))
    assert len(mapping._chunks) <= 3
