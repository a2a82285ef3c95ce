"""How many processes a run takes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import django
from django.db import connections
from django.test.runner import get_max_test_processes

from cdds_django.runner.running.connections import workers_with_room

_POOL_PAYS_AFTER_S = 2.0
"""With fewer recorded seconds to run than this, starting workers takes longer than they save."""


def can_use_workers(aliases: Iterable[str]) -> bool:
    """Whether tests that use these databases can run in processes of their own."""
    if multiprocessing.get_start_method() == "forkserver" and django.VERSION < (6, 0):
        return False  # As Django's own runner has it.
    return all(connections[alias].features.can_clone_databases for alias in aliases)


def processes_for(
    tests: Sequence[Any],
    aliases: Iterable[str],
    *,
    asked: int | str,
    limit: int | None,
    durations_s: Mapping[str, float],
    set_ups_s: Mapping[str, float],
    log: Callable[[str], None],
) -> int:
    """Return how many processes may run `tests`, which use the databases `aliases`.

    `asked` is a number or "auto". `durations_s` says how long tests took, by id, and `set_ups_s`
    how long setting up their classes did, by dotted name. `log` is told where there have to be
    fewer than that.
    """
    if asked == 1 or not can_use_workers(aliases):
        return 1
    if asked == "auto":
        if _recorded_s(tests, durations_s, set_ups_s) < _POOL_PAYS_AFTER_S:
            return 1
        asked = get_max_test_processes()
    number = int(asked) if limit is None else min(int(asked), limit)
    room = workers_with_room(aliases) if number > 1 else None
    if room is not None and room < number:
        number = max(room, 1)
        log(
            f"The database server has connections left for {number} of {asked} workers; "
            "raise its max_connections for more."
        )
    return number


def _recorded_s(
    tests: Sequence[Any], durations_s: Mapping[str, float], set_ups_s: Mapping[str, float]
) -> float:
    """Return how long the tests took with the set-ups of their classes; for ever if not known."""
    classes = {type(test) for test in tests}
    places = [f"{cls.__module__}.{cls.__qualname__}" for cls in classes]
    return sum(durations_s.get(test.id(), float("inf")) for test in tests) + sum(
        set_ups_s.get(place, 0.0) for place in places
    )
