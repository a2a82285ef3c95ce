"""In which order classes of tests go to workers, and which of them in parts.

Longest first leaves the least to wait for at the end (Graham, "Bounds on multiprocessing timing
anomalies", 1969). A class that alone takes longer than a worker's share is cut where that gains
more than its set-up takes, which each part repeats.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_SHARES = (1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125)
"""How long a part may be, as parts of what each worker has to do. The longest that serves wins."""
_CLOSE = 1.01
"""An end that is later than the ideal by this factor needs no better one."""
_SET_UPS_WORTH = (5.0, 1.0, 0.4)
"""How long a part's tests take at least, in set-ups that it repeats. The most that serves wins."""
_SHORTEST_PART_S = 0.05


@dataclass(frozen=True, kw_only=True)
class Group:
    """The tests of one class."""

    tests: tuple[int, ...]
    """By their places in the run's list of tests."""
    seconds: tuple[float, ...]
    """What each of them takes."""
    set_up_s: float = 0.0
    """What setting up the class takes."""
    may_split: bool = False
    is_late: bool = False
    """Whether all others come before it."""

    @property
    def total_s(self) -> float:
        return self.set_up_s + sum(self.seconds)


def schedule(groups: Sequence[Group], workers: int) -> list[Group]:
    """Return the groups in the order in which they should start, large ones in parts."""
    best: list[Group] = []
    least_s = float("inf")
    work_s = sum(group.total_s for group in groups)
    ideal_s = ideal(groups, workers)
    for longest_s, worth in _ways_to_cut(work_s / max(workers, 1)):
        parts = [part for group in groups for part in _cut(group, longest_s, worth)]
        parts.sort(key=lambda part: (part.is_late, -part.total_s))
        end_s = makespan([part.total_s for part in parts], workers)
        # What is done twice has its price, also where workers would be idle otherwise.
        repeated_s = sum(part.total_s for part in parts) - work_s
        cost_s = end_s + repeated_s / max(workers, 1)
        if cost_s < least_s / _CLOSE:
            best, least_s = parts, cost_s
        if end_s <= ideal_s * _CLOSE:
            break
    return best


def _ways_to_cut(share_s: float) -> Iterator[tuple[float, float]]:
    """Yield how long a part may be, and how much longer than its set-up it has to be."""
    yield float("inf"), _SET_UPS_WORTH[0]
    for share in _SHARES:
        for worth in _SET_UPS_WORTH:
            yield share * share_s, worth


def together(parts: Sequence[Group], shortest_s: float, workers: int) -> list[Group]:
    """Return the parts in their order, with short ones joined where giving each out takes long.

    What is joined takes at most `shortest_s`, and less where it would be much of a worker's share.
    """
    share_s = sum(part.total_s for part in parts) / max(workers, 1)
    longest_s = min(shortest_s, share_s * _SHARES[-1])
    joined: list[Group] = []
    for part in parts:
        last = joined[-1] if joined else part
        fits = last.total_s + part.total_s <= longest_s and last.is_late == part.is_late
        if joined and fits:
            joined[-1] = Group(
                tests=last.tests + part.tests,
                seconds=last.seconds + part.seconds,
                set_up_s=last.set_up_s + part.set_up_s,
                is_late=part.is_late,
            )
        else:
            joined.append(part)
    return joined


def ideal(groups: Iterable[Group], workers: int) -> float:
    """Return the seconds that no order can beat: equal shares, or the longest test."""
    listed = list(groups)
    longest_s = max((g.set_up_s + max(g.seconds, default=0.0) for g in listed), default=0.0)
    return max(sum(group.total_s for group in listed) / max(workers, 1), longest_s)


def makespan(seconds: Sequence[float], workers: int) -> float:
    """Return when the last of these ends, each begun in this order by the first free worker."""
    free_at = [0.0] * max(workers, 1)
    for duration in seconds:
        heapq.heapreplace(free_at, free_at[0] + duration)
    return max(free_at)


def _cut(group: Group, longest_s: float, worth: float) -> list[Group]:
    shortest_s = max(_SHORTEST_PART_S, group.set_up_s * worth)
    tests_s = sum(group.seconds)
    number = min(
        len(group.tests),
        int(tests_s / max(longest_s - group.set_up_s, shortest_s)) + 1,
        int(tests_s / shortest_s),
    )
    if not group.may_split or group.total_s <= longest_s or number < 2:
        return [group]
    parts: list[Group] = []
    begin, done_s = 0, 0.0
    for end, seconds in enumerate(group.seconds, 1):
        done_s += seconds
        is_full = done_s >= tests_s * (len(parts) + 1) / number
        if is_full or end == len(group.tests):
            parts.append(_part(group, begin, end))
            begin = end
    return parts


def _part(group: Group, begin: int, end: int) -> Group:
    return Group(
        tests=group.tests[begin:end],
        seconds=group.seconds[begin:end],
        set_up_s=group.set_up_s,
        may_split=False,
        is_late=group.is_late,
    )


def durations_of(tests: Sequence[str], known_s: Mapping[str, float]) -> tuple[float, ...]:
    """Return seconds by test; what isn't known is taken for the average."""
    average_s = sum(known_s.values()) / len(known_s) if known_s else 1.0
    return tuple(known_s.get(test, average_s) for test in tests)
