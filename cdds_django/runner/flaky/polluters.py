"""Finding the tests after which another one fails.

What had run before it in the same process, when it last failed, is in the impact map. Shorter and
shorter parts of that are run before it, each in a new process on a new fork of the databases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cdds_django.errors import ConfigurationError

Fails = Callable[[Sequence[Sequence[int]]], Sequence[bool]]
"""Says for each sequence of tests whether the one in question fails after it."""

_MAX_TOGETHER = 5
"""How many tests that only together have the effect are looked for."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of the search."""

    fails_alone: bool = False
    fails_after_all: bool = False
    polluters: tuple[int, ...] = ()
    """The tests after which it fails, in order; all of them are needed."""
    is_complete: bool = True
    """Whether it fails after these alone, so that no others are needed."""


def with_earlier(wanted: str, tests: Iterable[Any], earlier: Sequence[str] | None) -> list[Any]:
    """Return those of `tests` that ran `earlier` than the test `wanted`, then that one.

    `earlier` is what the impact map knows. Raises ConfigurationError where either isn't there.
    """
    by_id = {test.id(): test for test in tests}
    if wanted not in by_id:
        raise ConfigurationError(f"--find-polluter: there is no test {wanted}.")
    if earlier is None:
        raise ConfigurationError(
            f"--find-polluter: the impact map knows no run in which {wanted} failed. Run all "
            "tests with recording until it does."
        )
    return [by_id[test] for test in [*earlier, wanted] if test in by_id]


def find_polluters(earlier: Sequence[int], fails: Fails, *, at_once: int) -> Verdict:
    """Return which of the tests that ran before make the one in question fail.

    `at_once` is the number of sequences that are worth trying at the same time.
    """
    alone, after_all = fails([(), earlier])
    if alone or not after_all:
        return Verdict(fails_alone=alone, fails_after_all=after_all)
    rest, needed = list(earlier), list[int]()
    while len(needed) < _MAX_TOGETHER:
        length = _shortest_prefix(rest, needed, fails, at_once)
        needed.insert(0, rest[length - 1])
        del rest[length - 1 :]
        if fails([needed])[0]:
            return Verdict(fails_after_all=True, polluters=tuple(needed))
    return Verdict(fails_after_all=True, polluters=tuple(needed), is_complete=False)


def _shortest_prefix(rest: Sequence[int], needed: Sequence[int], fails: Fails, at_once: int) -> int:
    """Return the least number of first tests that, with those `needed`, have the effect.

    With all of `rest` it is there.
    """
    without, length = 0, len(rest)
    while length - without > 1:
        parts = min(at_once + 1, length - without)
        cuts = sorted({without + (length - without) * i // parts for i in range(1, parts)})
        found = fails([[*rest[:cut], *needed] for cut in cuts])
        for cut, has_failed in zip(cuts, found, strict=True):
            if has_failed:
                length = cut
                break
            without = cut
    return length
