"""Parts of a run are disjoint and complete, and take equally long."""

from __future__ import annotations

import random

import pytest

from cdds_django.errors import ConfigurationError
from cdds_django.runner.shards.partition import Shard, partition

TESTS = [f"shop.tests.C{cls}.test_{number}" for cls in range(60) for number in range(cls % 7 + 1)]


@pytest.mark.parametrize("count", [1, 2, 7, 64, 200])
@pytest.mark.parametrize("known", [0, 0.5, 1])
def test_every_test_is_in_one_part(count, known):
    chance = random.Random(count)
    durations = {test: chance.random() for test in TESTS if chance.random() < known}
    parts = partition(TESTS, durations, count)
    assert len(parts.parts) == count
    assert sorted(test for part in parts.parts for test in part) == sorted(TESTS)
    shuffled = random.Random(1).sample(TESTS, len(TESTS))
    assert partition(shuffled, dict(reversed(durations.items())), count) == parts
    # Set-up is paid once for a class.
    homes = {test.rpartition(".")[0]: place for place, p in enumerate(parts.parts) for test in p}
    assert all(test in parts.parts[homes[test.rpartition(".")[0]]] for test in TESTS)


def test_parts_are_balanced():
    by_number = partition(TESTS, {}, 4)
    assert max(map(len, by_number.parts)) - min(map(len, by_number.parts)) <= 7
    slow = {test: 10.0 if ".C0." in test else 0.1 for test in TESTS}
    parts = partition(TESTS, slow, 4)
    alone = next(part for part in parts.parts if "shop.tests.C0.test_0" in part)
    assert alone == {"shop.tests.C0.test_0"}
    others = [seconds for seconds in parts.seconds if seconds < 9]
    assert max(others) - min(others) <= 0.7
    assert parts.digest != by_number.digest


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4"])
def test_what_is_no_shard(text):
    with pytest.raises(ConfigurationError, match="write I/N"):
        Shard.parse(text)
