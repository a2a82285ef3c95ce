"""How many processes a run takes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import django
from django.db import connections
from django.test.runner import get_max_test_processes

_POOL_PAYS_AFTER_S = 2.0
"""With fewer recorded seconds to run than this, starting workers takes longer than they save."""


def processes_for(
    tests: Sequence[Any],
    aliases: Iterable[str],
    *,
    asked: int | str,
    limit: int | None,
    durations_s: Mapping[str, float],
) -> int:
    """Return how many processes may run `tests`, which use the databases `aliases`.

    `asked` is a number or "auto". `durations_s` says how long tests took, by id.
    """
    if multiprocessing.get_start_method() == "forkserver" and django.VERSION < (6, 0):
        return 1  # As its own runner has it.
    if not all(connections[alias].features.can_clone_databases for alias in aliases):
        return 1
    if asked == "auto":
        known = [durations_s.get(test.id()) for test in tests]
        if None not in known and sum(d for d in known if d) < _POOL_PAYS_AFTER_S:
            return 1
        asked = get_max_test_processes()
    return int(asked) if limit is None else min(int(asked), limit)
