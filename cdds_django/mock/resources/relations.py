"""Resources inside resources: an event shows its venue, and clients give the venue's id alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from cdds_django.mock.compile.operations import Toolkit
from cdds_django.mock.resources.identity import text_of
from cdds_django.mock.resources.shapes import Shape
from cdds_django.mock.state.batch import Batch
from cdds_django.mock.state.rows import Row

if TYPE_CHECKING:
    from cdds_django.mock.resources.collection import Collection

Named = Callable[[str], "Collection | None"]
"""Gives the collection whose resources a field such as `venue` shows, found by name."""

_SUFFIXES = ("", "_id", "_slug", "_uuid", "Id")
_OTHER_IDS = ("id", "uuid", "slug")


class Relation(NamedTuple):
    """A field that shows a resource of another collection."""

    field: str
    given_as: tuple[str, ...]
    """The fields in which clients may give its id."""
    shown: frozenset[str]
    """What it shows of the other resource."""
    collection: Collection


def relations_of(shape: Shape, named: Named, tools: Toolkit) -> list[Relation]:
    """Return the fields of a shape that show resources of other collections."""
    found = []
    for name, field in shape.fields.items():
        types = tools.received_merger.types(field.schema)
        if "object" not in types or types & {"string", "integer"}:
            continue
        shown = tools.received_merger.properties(field.schema)
        collection = named(name) if shown else None
        if collection is not None and collection.shape is not shape:
            given_as = tuple(name + suffix for suffix in _SUFFIXES)
            found.append(Relation(name, given_as, frozenset(shown), collection))
    return found


def with_related(
    relations: list[Relation], batch: Batch, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return `given` with the resources that it names by id, as far as the batch has them."""
    written = dict(given)
    for relation in relations:
        for name in relation.given_as:
            value = given.get(name)
            row = _row(relation.collection, batch, value)
            if row is not None:
                known = row.value.items()
                written[relation.field] = {k: v for k, v in known if k in relation.shown}
                break
    return written


def _row(collection: Collection, batch: Batch, value: Any) -> Row | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    rows = batch.table(collection.key(())).rows
    row = rows.get(text_of(value))
    if row is not None:
        return row
    # A path may have the slug, and a field the number.
    others = [name for name in _OTHER_IDS if name != collection.id_name]
    return next((r for r in rows.values() if any(r.value.get(n) == value for n in others)), None)
