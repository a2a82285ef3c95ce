"""By which of the project's modules tests came to call other services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from cdds_django.impact.sources.upstream_operations import (
    UPSTREAM,
    UPSTREAM_CALLER,
    operation_and_caller,
)
from cdds_django.impact.storage.store import ImpactMap

Callers = Mapping[str, list[tuple[str, int]]]
"""The dotted modules that called an operation, and the subjects that made them, as bits."""


def callers_of(impact_map: ImpactMap, kinds: Iterable[str]) -> Callers:
    """Return who called what, where something of these `kinds` can have been called."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    if UPSTREAM in kinds:
        for stored in impact_map.used(places=(), kinds=(UPSTREAM_CALLER,)):
            operation, module = operation_and_caller(stored.key)
            found[operation].append((module, stored.subjects))
    return found


def ways(callers: Callers, key: str, subjects: int) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the ways on which a change of `key` reaches `subjects`, and whom on each."""
    for module, bits in sorted(callers.get(key, ())):
        if found := bits & subjects:
            yield (module,), found
            subjects &= ~found
    if subjects or key not in callers:
        yield (), subjects
