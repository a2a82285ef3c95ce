"""Fast, medium and slow tests, by the time that they took when they last ran."""

from __future__ import annotations

import bisect
from collections.abc import Mapping

SPEEDS = ("fast", "medium", "slow")


def is_of_speed(
    test: str, speed: str, durations_s: Mapping[str, float], limits_s: tuple[float, float]
) -> bool:
    """Whether a test is of a class; one whose time isn't known is of all of them.

    A test is medium from the first of `limits_s` on, and slow from the second.
    """
    seconds = durations_s.get(test)
    return seconds is None or SPEEDS[bisect.bisect_right(limits_s, seconds)] == speed
