"""What happens around each test in a process that runs them, besides recording."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from cdds_django.impact.recording.recorder import Recorder
from cdds_django.runner.isolation.randomness import SeededRandomness
from cdds_django.runner.running.suites import Part
from cdds_django.runner.running.time_limit import TimeLimit

if TYPE_CHECKING:
    from cdds_django.runner.coverage.measuring import Measurement


def parts(
    recorder: Recorder | None,
    *,
    measurement: Measurement | None,
    random_seed: int | None,
    time_limit_s: float | None,
    check_leftovers: bool,
    is_alone: bool,
) -> tuple[tuple[Part, ...], Callable[[], None]]:
    """Return who is to be told of each test, and what ends their work.

    `is_alone` says that no pool watches over this process.
    """
    found: list[Part] = []
    stack = ExitStack()
    if measurement is not None:
        from cdds_django.runner.coverage.scopes import Scopes

        found.append(Scopes(measurement))
    if random_seed is not None:
        stack.callback(random.setstate, random.getstate())
        found.append(SeededRandomness(random_seed))
    if check_leftovers:
        from cdds_django.runner.flaky.leftovers import Leftovers

        found.append(Leftovers(recorder))
    if time_limit_s is not None:
        limit = TimeLimit(time_limit_s, is_alone=is_alone)
        stack.callback(limit.start())
        # The last: what the others do isn't the test's time.
        found.append(limit)
    return tuple(found), stack.close
