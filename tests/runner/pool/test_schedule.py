"""The longest first, large classes in parts, and never later than need be."""

from __future__ import annotations

import random

import pytest

from cdds_django.runner.pool.schedule import (
    Group,
    durations_of,
    ideal,
    makespan,
    schedule,
    together,
)


def group(*seconds, number=0, **others):
    tests = tuple((number, place) for place in range(len(seconds)))
    return Group(tests=tests, seconds=seconds, **others)


def end_of(groups, workers):
    return makespan([g.total_s for g in groups], workers)


def heavy_tailed(seed, *, may_split=True):
    """Return many short classes and a few very long ones."""
    generator = random.Random(seed)
    return [
        group(
            *(generator.lognormvariate(-3, 1) for _ in range(generator.randint(1, 60))),
            *(() if number else (4.0,) * 20),
            number=number,
            set_up_s=0.02,
            may_split=may_split,
        )
        for number in range(120)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_close_to_the_ideal_on_16_workers(seed):
    groups = heavy_tailed(seed)
    ordered = schedule(groups, 16)
    best = ideal(groups, 16)
    assert end_of(ordered, 16) / best <= 1.05
    assert end_of(groups, 16) / best > 2, "as they come"
    assert sorted(test for part in ordered for test in part.tests) == sorted(
        test for whole in groups for test in whole.tests
    )
    # What isn't split leaves the long class as it is.
    whole = schedule(heavy_tailed(seed, may_split=False), 16)
    assert len(whole) == len(groups)
    assert [g.total_s for g in whole] == sorted((g.total_s for g in whole), reverse=True)


def test_nothing_is_cut_without_need():
    groups = [group(1.0, 1.0, number=n, may_split=True) for n in range(8)]
    assert len(schedule(groups, 4)) == 8
    assert schedule([], 4) == []


def test_dear_set_ups_are_not_repeated():
    costly = group(*[0.5] * 20, set_up_s=9.0, may_split=True)
    assert len(schedule([costly], 4)) <= 2
    cheap = group(*[0.5] * 20, set_up_s=0.01, may_split=True)
    parts = schedule([cheap], 4)
    assert len(parts) >= 4
    assert [test for part in sorted(parts, key=lambda p: p.tests) for test in part.tests] == list(
        cheap.tests
    )
    tiny = group(*[0.001] * 50, may_split=True)
    assert len(schedule([tiny], 4)) == 1


def test_what_comes_late():
    late = group(9.0, is_late=True)
    early = [group(float(n), number=n) for n in (1, 3, 2)]
    assert [g.total_s for g in schedule([late, *early], 2)] == [3.0, 2.0, 1.0, 9.0]


def test_unknown_durations():
    assert durations_of(["a", "b", "c"], {"a": 1.0, "c": 3.0}) == (1.0, 2.0, 3.0)
    assert durations_of(["a"], {}) == (1.0,)


def test_short_classes_share_an_order():
    groups = [
        Group(tests=(n,), seconds=(s,), set_up_s=0.01)
        for n, s in enumerate([3.0, 0.3, 0.2, 0.1] + [0.01] * 300)
    ]
    joined = together(groups, 0.5, 2)
    assert [t for group in joined for t in group.tests] == list(range(304)), "in their order"
    assert joined[:3] == groups[:3]
    share_s = sum(group.total_s for group in groups) / 2
    assert all(group.total_s <= share_s / 32 for group in joined if len(group.tests) > 1)
    assert len(joined) < 60
    assert together(groups, 0.5, 1000) == groups, "where all have little to do"
    late = [Group(tests=(9,), seconds=(0.01,), is_late=True)]
    assert together([*groups, *late], 0.5, 2)[-1] == late[0]
