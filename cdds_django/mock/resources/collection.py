"""Collections: resources of one kind below one path, with all that operations need to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from cdds_django.contract.literals import JsonObject
from cdds_django.mock.compile.operations import CompiledOperation, Toolkit
from cdds_django.mock.resources.identity import IdMaker, from_path, id_property, text_of
from cdds_django.mock.resources.relations import Named, Relation, relations_of, with_related
from cdds_django.mock.resources.shapes import Shape
from cdds_django.mock.resources.views import View, envelope_of, resource_schema
from cdds_django.mock.state.batch import Batch
from cdds_django.mock.state.rows import Meter, Row, Table, TableKey
from cdds_django.mock.values.json_text import bytes_of

_IMPLIED_ROWS = 256
"""How many resources that nobody made are kept; making one up takes a while."""


class Collection:
    """The resources below one path."""

    def __init__(
        self,
        path: str,
        shape_schema: Any,
        item: CompiledOperation | None,
        *,
        can_create: bool,
        samples: Sequence[Any],
        named: Named,
        meter: Meter,
        tools: Toolkit,
    ) -> None:
        self.path = path
        """Of the collection itself, as the document writes it."""
        self.item = item
        """An operation on one of its resources, None when there is none."""
        self.can_create = can_create
        """Whether clients make the resources; if not, each one exists until it is deleted."""
        self.nested: list[Collection] = []
        """Collections whose paths lead through a resource of this one."""
        self._shape_schema = shape_schema
        self._samples = samples
        self._named = named
        self._meter = meter
        self._tools = tools
        self._shapes: dict[object, Shape] = {}
        self._implied: dict[str, Row] = {}

    @cached_property
    def shape(self) -> Shape:
        """The form of a single resource, as fully as any operation shows it."""
        return Shape(self._shape_schema, self.path, self._tools, self._samples)

    def shape_of(self, schema: Any) -> Shape:
        """Return the shape for a schema; one component has one shape."""
        name = self._name(schema)
        if name == self._name(self._shape_schema):
            return self.shape
        known = self._shapes.get(name)
        if known is None:
            known = self._shapes[name] = Shape(schema, self.path, self._tools)
        return known

    def _name(self, schema: Any) -> object:
        return self._tools.received_merger.identity(schema) or id(schema)

    @cached_property
    def _relations(self) -> list[Relation]:
        return relations_of(self.shape, self._named, self._tools)

    def view_of(self, operation: CompiledOperation) -> View | None:
        """Return how an operation shows a resource, None when it answers with something else."""
        schema = resource_schema(operation)
        shape = None if schema is None else self.shape_of(schema)
        if shape is None or not shape.is_object:
            return None
        return View(shape, *envelope_of(operation))

    @cached_property
    def id_name(self) -> str | None:
        """The property that holds the id, None when it is only in the path."""
        parameter = self.item.path_names[-1] if self.item else "id"
        return id_property(parameter, self.shape, self._tools)

    @cached_property
    def _ids(self) -> IdMaker:
        parameters = self.item.parameters.get("path", []) if self.item else []
        schema: Any = True
        for parameter in parameters:
            if self.item and parameter.name == self.item.path_names[-1]:
                schema = parameter.schema
        in_path = None if schema is True else self._tools.received.of(schema)
        own = self.shape.fields[self.id_name].schema if self.id_name else schema
        return IdMaker(self.id_name or "id", own, in_path, schema, self.path, self._tools)

    def key(self, parents: tuple[str, ...]) -> TableKey:
        """Return which table of a batch has the resources below these parents."""
        return self.path, parents

    def exists(self, batch: Batch, parents: tuple[str, ...], row_key: str) -> bool:
        """Whether there is a resource with this id."""
        table = batch.table(self.key(parents))
        return row_key in table.rows or self._is_implied(table, row_key)

    def find(self, batch: Batch, parents: tuple[str, ...], row_key: str) -> Row | None:
        """Return a resource, None if it doesn't exist.

        Where nobody can make resources, one that wasn't touched is an example with this id.
        """
        table = batch.table(self.key(parents))
        row = table.rows.get(row_key)
        if row is None and self._is_implied(table, row_key):
            return self._implied_row(row_key)
        return row

    def _implied_row(self, row_key: str) -> Row:
        row = self._implied.get(row_key)
        if row is None:
            value = self.shape.example(row_key, self._identified(row_key))
            row = Row(row_key, 0, value if isinstance(value, dict) else {}, self._meter)
            if len(self._implied) >= _IMPLIED_ROWS:
                self._implied.clear()
            self._implied[row_key] = row
        return row

    def _is_implied(self, table: Table, row_key: str) -> bool:
        return not self.can_create and not table.closed and row_key not in table.removed

    def _identified(self, row_key: str) -> JsonObject:
        if self.id_name is None:
            return {}
        schema = self.shape.fields[self.id_name].schema
        return {self.id_name: from_path(row_key, schema, self._tools)}

    def given_id(self, given: Mapping[str, Any]) -> str | None:
        """Return the id that a client gives to a resource, None when it gives none."""
        if self.id_name is None:
            return None
        value = given.get(self.id_name)
        return text_of(value) if isinstance(value, str | int) and value != "" else None

    def create(
        self,
        batch: Batch,
        parents: tuple[str, ...],
        given: Mapping[str, Any],
        *,
        row_key: str | None = None,
        links: Mapping[str, Any] | None = None,
    ) -> Row:
        """Make a resource from what a client gave, with `row_key` as its id if there is one.

        `links` are the fields that say what it belongs to, taken over where the shape has them.
        """
        table_key = self.key(parents)
        table = batch.table(table_key)
        number = table.last_number + 1
        known = with_related(self._relations, batch, given)
        for name, value in (links or {}).items():
            field = self.shape.fields.get(name)
            if field is not None and name not in known:
                linked = from_path(str(value), field.schema, self._tools)
                if self._tools.received.of(field.schema).is_valid(linked):
                    known[name] = linked
        if row_key is not None:
            known = {**self._identified(row_key), **known}
        elif self.id_name is not None and self.given_id(given) is None:
            preferred = self.shape.slug(given) if self.id_name == "slug" else None
            known[self.id_name] = self._ids.make(number, preferred, table.rows.__contains__)
        value = self.shape.fill(known, number, batch.instant)
        if row_key is None:
            own = value.get(self.id_name) if self.id_name and isinstance(value, dict) else None
            row_key = str(number) if own is None else text_of(own)
        return self._stored(batch, table_key, row_key, number, known, value)

    def change(
        self, batch: Batch, parents: tuple[str, ...], row: Row, given: Mapping[str, Any]
    ) -> Row:
        """Write fields of a resource; the others stay as they are."""
        shape = self.shape
        # Where clients don't make resources, the path alone says which one is meant.
        row_key = (self.given_id(given) if self.can_create else None) or row.key
        related = with_related(self._relations, batch, given)
        together = shape.touched({**row.value, **related}, batch.instant)
        value = shape.fill(together, row.number, batch.instant)
        if row_key != row.key:
            batch.remove_row(self.key(parents), row.key)
        hidden = {name: value for name, value in together.items() if name not in shape.fields}
        return self._stored(batch, self.key(parents), row_key, row.number, hidden, value)

    def put(
        self, batch: Batch, parents: tuple[str, ...], row_key: str, fields: Mapping[str, Any]
    ) -> Row:
        """Write fields, read-only ones too, of a resource that is made if it isn't there."""
        row = self.find(batch, parents, row_key)
        if row is None:
            row = self.create(batch, parents, fields, row_key=row_key)
        given = {**row.value, **fields}
        value = self.shape.fill(given, row.number, batch.instant)
        return self._stored(batch, self.key(parents), row_key, row.number, given, value)

    def replace(
        self, batch: Batch, parents: tuple[str, ...], row: Row, given: Mapping[str, Any]
    ) -> Row:
        """Write a whole resource: what isn't given goes back to its default."""
        kept = {
            name: value
            for name, value in row.value.items()
            if name in self.shape.read_only or name == self.id_name
            or (name in self.shape.fields and self.shape.fields[name].kind != "constant")
        }  # fmt: skip
        start = Row(row.key, row.number, kept, self._meter)
        return self.change(batch, parents, start, given)

    def remove(self, batch: Batch, parents: tuple[str, ...], row_key: str) -> None:
        """Delete a resource, and all that is below it."""
        batch.remove_row(self.key(parents), row_key, mark=not self.can_create)
        for below in self.nested:
            below.remove_all(batch, (*parents, row_key))

    def remove_all(self, batch: Batch, parents: tuple[str, ...]) -> None:
        """Forget all resources whose parents begin with `parents`."""
        tables = batch.state.tables
        for key in list(tables.keys()):
            if key[0] == self.path and key[1][: len(parents)] == parents:
                tables = tables.without(key)
        if tables is not batch.state.tables:
            batch.state = batch.state._replace(tables=tables)
        for below in self.nested:
            below.remove_all(batch, parents)

    def _stored(
        self,
        batch: Batch,
        table_key: TableKey,
        row_key: str,
        number: int,
        known: Mapping[str, Any],
        shown: Any,
    ) -> Row:
        """Keep a resource: all that is `known` of it, and how its own shape has it."""
        value = {**known, **shown} if isinstance(shown, dict) else dict(known)
        row = Row(row_key, number, value, self._meter)
        row.keep(self.shape, bytes_of(shown))
        batch.put_row(table_key, row)
        return row
