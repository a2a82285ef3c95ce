"""What a shard covered, as JSON: each set of points is written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdds_django.errors import StateFileError
from cdds_django.runner.coverage.gathering import Gathering
from cdds_django.runner.coverage.points import Lines, Place
from cdds_django.runner.shards.encoding import Numbers


def lines_to_json(coverage: Gathering) -> dict[str, Any]:
    """Return what a run gathered."""
    sets = Numbers()
    found = {
        owner: sets.all(
            (coverage.key(place.file), place.context, tuple(sorted(points)))
            for place, points in lines.items()
        )
        for owner, lines in coverage.by_owner().items()
    }
    return {
        "configuration": coverage.configuration(),
        "databases_made": coverage.databases_made,
        "tracers": {coverage.key(file): name for file, name in coverage.tracers.items()},
        "owners": found,
        "sets": sets.listed(),
    }


def add_lines(coverage: Gathering, stored: Mapping[str, Any], shard: str) -> None:
    """Add what a shard covered. Raises StateFileError where it measured something else."""
    if stored["configuration"] != coverage.configuration():
        raise StateFileError(
            f"Shard {shard} measured coverage in another way than it would be measured here: its "
            "configuration, or the version of coverage.py or of Python, is another."
        )
    sets = [
        (Place(coverage.file(key), context), frozenset(points))
        for key, context, points in stored["sets"]
    ]
    measured: dict[str, Lines] = {
        owner: dict(sets[number] for number in numbers)
        for owner, numbers in stored["owners"].items()
    }
    coverage.add(measured, {coverage.file(key): name for key, name in stored["tracers"].items()})
    coverage.databases_made |= stored["databases_made"]
