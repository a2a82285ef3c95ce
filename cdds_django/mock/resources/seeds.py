"""Seeds: what a batch holds from the beginning, as rows by the path of their collection.

`{"/venues": [{"id": 1, "name": "Town hall"}], "/venues/1/sections": [{"name": "Stalls"}]}`
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdds_django.mock.errors import SeedError
from cdds_django.mock.resources.collection import Collection
from cdds_django.mock.resources.discovery import Discovery
from cdds_django.mock.resources.identity import text_of
from cdds_django.mock.state.batch import Batch
from cdds_django.mock.state.rows import EMPTY_STATE


def fill(batch: Batch, seed: Mapping[str, Any], discovery: Discovery) -> None:
    """Write the rows of a seed into a new batch, which then begins with them. Raises SeedError."""
    for path, rows in seed.items():
        if not isinstance(rows, list):
            raise SeedError(f"{path}: a seed has a list of rows for each path")
        collection, parents = _place(path, discovery)
        key = collection.key(parents)
        batch.put_table(key, batch.table(key)._replace(closed=True))
        for index, row in enumerate(rows):
            if not isinstance(row, dict):
                raise SeedError(f"{path}, row {index}: a row must be an object, not {row!r}")
            _add(batch, collection, parents, row, f"{path}, row {index}")
    # The clock starts when the seed is in.
    batch.state = batch.state._replace(ticks=EMPTY_STATE.ticks)
    batch.origin = batch.state


def rows_of(batch: Batch) -> dict[str, list[Any]]:
    """Return the rows of a batch in the form of a seed."""
    found = {}
    for (path, parents), table in batch.state.tables.items():
        values = iter(parents)
        named = "/".join(
            next(values) if segment.startswith("{") else segment for segment in path.split("/")
        )
        found[named] = [dict(row.value) for row in table.rows.values()]
    return found


def _place(path: str, discovery: Discovery) -> tuple[Collection, tuple[str, ...]]:
    segments = path.rstrip("/").split("/")
    for key in discovery.paths():
        steps = key.split("/")
        if len(steps) != len(segments):
            continue
        if all(step in ("{}", segment) for step, segment in zip(steps, segments, strict=True)):
            collection = discovery.at(key)
            if collection is not None:
                pairs = zip(steps, segments, strict=True)
                return collection, tuple(segment for step, segment in pairs if step == "{}")
    raise SeedError(f"{path}: the contract has no collection at this path")


def _add(
    batch: Batch, collection: Collection, parents: tuple[str, ...], row: dict[str, Any], place: str
) -> None:
    row_key = row.get(collection.id_name) if collection.id_name else None
    if isinstance(row_key, str | int) and not isinstance(row_key, bool):
        key = text_of(row_key)
        if key in batch.table(collection.key(parents)).rows:
            raise SeedError(f"{place}: there is already a row with id {key}")
        made = collection.put(batch, parents, key, row)
    else:
        made = collection.create(batch, parents, row)
        if set(row) & collection.shape.read_only:
            made = collection.put(batch, parents, made.key, row)
    for name, value in row.items():
        if name in collection.shape.fields and made.value.get(name) != value:
            raise SeedError(f"{place}: `{name}` is against the contract: {value!r}")
