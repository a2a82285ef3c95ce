"""Cutting the tests of a run into parts of equal length."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cdds_django.errors import ConfigurationError
from cdds_django.impact.syntax.digests import text_digest


@dataclass(frozen=True, kw_only=True)
class Shard:
    """One of several parts, as `--shard 2/8` names it."""

    index: int
    """From 1."""
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read "I/N". Raises ConfigurationError."""
        found = re.fullmatch(r"(\d+)/(\d+)", text.strip())
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise ConfigurationError(
                f"--shard {text!r}: write I/N, the I-th of N parts, as 2/8; I is from 1 to N."
            )
        return cls(index=int(found[1]), count=int(found[2]))

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


@dataclass(frozen=True, kw_only=True)
class Partition:
    """All parts of one run. Whoever knows the same tests and durations makes the same parts."""

    parts: tuple[frozenset[str], ...]
    """The ids of the tests of each part."""
    seconds: tuple[float, ...]
    """How long each part should take."""
    digest: str
    """Of which test is in which part."""


def partition(tests: Iterable[str], durations_s: Mapping[str, float], count: int) -> Partition:
    """Cut tests into `count` parts: the longest class first, each to the part that has least.

    A class stays whole, since it is set up once. What is not known is taken for the average; where
    nothing is known, the number of tests counts.
    """
    known = [seconds for seconds in durations_s.values() if seconds]
    # Exact sums: before Python 3.12, `sum` depends on the order, and machines need not share that.
    average = math.fsum(known) / len(known) if known else 1.0
    classes: dict[str, list[str]] = {}
    for test in sorted(set(tests)):
        classes.setdefault(test.rpartition(".")[0], []).append(test)
    lengths = {
        name: math.fsum(durations_s.get(test, average) for test in found)
        for name, found in classes.items()
    }
    loads = [(0.0, place) for place in range(count)]
    parts: list[set[str]] = [set() for _ in range(count)]
    for name in sorted(classes, key=lambda name: (-lengths[name], name)):
        load, place = heapq.heappop(loads)
        parts[place].update(classes[name])
        heapq.heappush(loads, (load + lengths[name], place))
    seconds = {place: load for load, place in loads}
    return Partition(
        parts=tuple(map(frozenset, parts)),
        seconds=tuple(seconds[place] for place in range(count)),
        digest=text_digest(",".join(sorted(part)) for part in parts),
    )
