"""Which recorded tests call which operations: what the impact map says of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from cdds_django.errors import StateFileError
from cdds_django.impact.sources.routes import shape_of_operation, shape_of_route
from cdds_django.impact.sources.upstream_operations import UPSTREAM
from cdds_django.impact.storage.bits import members
from cdds_django.impact.storage.store import MAP_NAME, ImpactMap, StoredDependency
from cdds_django.upstream_calls import IN_USE, UNKNOWN

UPSTREAM_SEPARATOR = ":"
"""Between the name of another service and its operation: `payments:charges_create`."""


_WHOLE_DOCUMENTS = (UPSTREAM_SEPARATOR + IN_USE, UPSTREAM_SEPARATOR + UNKNOWN)


def callers(
    state_dir: Path, labels: Mapping[str, str], warn: Callable[[str], object]
) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]] | None:
    """Return the tests that call each operation, and those of each operation of other services.

    `labels` are the methods and paths of the project's operations, by operationId, which is how
    the first answer names them. None when there
    is no impact map in `state_dir`; or none that can be read, which `warn` is told: a contract
    can be compared without.
    """
    try:
        impact_map = ImpactMap.open(state_dir / MAP_NAME)
        return None if impact_map is None else _callers(impact_map, labels)
    except StateFileError as error:
        warn(f"Tests can't be counted: {error}")
        return None


def called_by_test(
    impact_map: ImpactMap, ids_by_shape: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Return the operationIds that each test was seen to call, and those that `@covers` names.

    The map may have been recorded before there was a snapshot to name operations by.
    """
    found: dict[str, set[str]] = {}
    for stored, tests in _rows(impact_map):
        operation: str | None = stored.key
        if stored.kind == "route":
            operation = ids_by_shape.get(shape_of_route(stored.key))
        for test in tests if operation is not None else ():
            found.setdefault(test, set()).add(str(operation))
    return _frozen(found)


def _callers(
    impact_map: ImpactMap, labels: Mapping[str, str]
) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    ids = {_shape(label): name for name, label in labels.items()}
    own: dict[str, set[str]] = {}
    foreign: dict[str, set[str]] = {}
    with impact_map:
        for stored, tests in _rows(impact_map):
            key = shape_of_route(stored.key) if stored.kind == "route" else _shape(stored.key)
            if stored.key in labels:
                own.setdefault(stored.key, set()).update(tests)
            elif key in ids:
                own.setdefault(ids[key], set()).update(tests)
            elif UPSTREAM_SEPARATOR in stored.key:
                foreign.setdefault(stored.key, set()).update(tests)
    return _frozen(own), _frozen(foreign)


def _rows(impact_map: ImpactMap) -> Iterator[tuple[StoredDependency, set[str]]]:
    """Yield what tells of operations, with the ids of its tests."""
    names = {item.id: item.name for item in impact_map.subjects() if item.kind == "test"}
    for stored in impact_map.used(places=(), kinds=("operation", "route", UPSTREAM)):
        if stored.kind == UPSTREAM and stored.key.endswith(_WHOLE_DOCUMENTS):
            continue
        yield stored, {names[number] for number in members(stored.subjects) if number in names}


def _shape(label: str) -> str:
    method, _, path = label.partition(" ")
    return shape_of_operation(method, path.strip())


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(tests) for name, tests in sets.items()}
