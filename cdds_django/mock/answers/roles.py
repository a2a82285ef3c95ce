"""The operations on collections: what each kind does with the state of a batch."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from cdds_django.mock.answers.context import Context
from cdds_django.mock.answers.replies import Replies
from cdds_django.mock.answers.selection import Selection, WrongPageError
from cdds_django.mock.compile.operations import CompiledOperation
from cdds_django.mock.messages import Headers, MockResponse
from cdds_django.mock.resources.collection import Collection
from cdds_django.mock.resources.pages import ListForm
from cdds_django.mock.state.rows import Reply, Row

Answer = Callable[[Context], MockResponse]
"""What an operation does when a request keeps the contract."""

_IDEMPOTENCY_KEY = b"idempotency-key"


class ExampleAnswer:
    """An operation that isn't about a collection: the contract's example."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies

    def __call__(self, context: Context) -> MockResponse:
        accept = context.headers.get(b"accept", b"").decode("latin-1")
        return self._replies.example(self._replies.success, accept)


class _RowAnswer:
    """An operation on one resource."""

    def __init__(
        self, operation: CompiledOperation, replies: Replies, collection: Collection, keys: int = 1
    ) -> None:
        self._replies = replies
        self._collection = collection
        self._keys = keys
        """How many path parameters name the resource among its kind: one, or none."""
        self._depth = collection.path.count("{")
        self._view = collection.view_of(operation)

    def _place(self, context: Context) -> tuple[tuple[str, ...], str]:
        depth = self._depth
        return context.path[:depth], context.path[depth] if self._keys else ""

    def _found(self, context: Context) -> Row | None:
        parents, key = self._place(context)
        return self._collection.find(context.batch, parents, key)

    def _missing(self) -> MockResponse:
        return self._replies.problem(404, "not found")

    def _show(self, context: Context, row: Row, status: int, more: Headers = ()) -> MockResponse:
        if self._view is None:
            return self._replies.example(status, more=more)
        return self._replies.json(status, self._view.body(row, context.batch.instant), more)


class ReadAnswer(_RowAnswer):
    """GET of a resource; also any action that answers with the resource."""

    def __call__(self, context: Context) -> MockResponse:
        row = self._found(context)
        if row is None:
            return self._missing()
        return self._show(context, row, self._replies.success)


class CopyAnswer(_RowAnswer):
    """POST below a resource that makes another one of its kind: `/events/{id}/duplicate`."""

    def __call__(self, context: Context) -> MockResponse:
        row = self._found(context)
        if row is None:
            return self._missing()
        collection = self._collection
        own = {*collection.shape.read_only, collection.id_name}
        copied = {name: value for name, value in row.value.items() if name not in own}
        parents, _ = self._place(context)
        given = {**copied, **context.given(collection.shape)}
        copy = collection.create(context.batch, parents, given)
        return self._show(context, copy, self._replies.success)


class WriteAnswer(_RowAnswer):
    """PUT or PATCH of a resource."""

    def __call__(self, context: Context) -> MockResponse:
        row = self._found(context)
        collection = self._collection
        if row is None:
            makes = not collection.can_create or self._replies.declares(201)
            if context.operation.method != "PUT" or not makes:
                return self._missing()
            return self._put_new(context)
        parents, key = self._place(context)
        given = context.given(collection.shape)
        new_key = collection.given_id(given)
        is_renamed = new_key not in (None, key) and collection.can_create
        if is_renamed and collection.exists(context.batch, parents, str(new_key)):
            return self._replies.problem(409, f"there is already one with id {new_key}")
        if context.operation.method == "PUT":
            row = collection.replace(context.batch, parents, row, given)
        else:
            row = collection.change(context.batch, parents, row, _patch(context, row, given))
        return self._show(context, row, self._replies.success)

    def _put_new(self, context: Context) -> MockResponse:
        parents, key = self._place(context)
        given = context.given(self._collection.shape)
        row = self._collection.create(context.batch, parents, given, row_key=key)
        status = 201 if self._replies.declares(201) else self._replies.success
        return self._show(context, row, status)


class DeleteAnswer(_RowAnswer):
    """DELETE of a resource."""

    def __call__(self, context: Context) -> MockResponse:
        row = self._found(context)
        if row is None:
            return self._missing()
        parents, key = self._place(context)
        self._collection.remove(context.batch, parents, key)
        return self._show(context, row, self._replies.success)


class CreateAnswer:
    """POST to a collection."""

    def __init__(
        self, operation: CompiledOperation, replies: Replies, collection: Collection
    ) -> None:
        self._operation = operation
        self._replies = replies
        self._collection = collection
        self._depth = collection.path.count("{")
        self._links = _links(operation.path)
        self._view = collection.view_of(operation)

    def __call__(self, context: Context) -> MockResponse:
        key = context.headers.get(_IDEMPOTENCY_KEY)
        if key is None:
            return self._create(context)
        name = self._operation.id, key.decode("latin-1")
        digest = blake2b(context.request.body, digest_size=16).digest()
        known = context.batch.state.replies.get(name)
        if known is None:
            response = self._create(context)
            state = context.batch.state
            replies = state.replies.with_entry(name, Reply(digest, response))
            context.batch.state = state._replace(replies=replies)
            return response
        if known.request != digest:
            return self._replies.problem(
                409, f"the Idempotency-Key {name[1]!r} was used with another request"
            )
        replayed = (b"idempotent-replayed", b"true")
        return known.response._replace(headers=(*known.response.headers, replayed))

    def _create(self, context: Context) -> MockResponse:
        collection, batch = self._collection, context.batch
        parents = context.path[: self._depth]
        given = context.given(collection.shape)
        key = collection.given_id(given)
        if key is not None and key in batch.table(collection.key(parents)).rows:
            return self._replies.problem(409, f"there is already one with id {key}")
        links = {name: parents[index] for name, index in self._links}
        row = collection.create(batch, parents, given, links=links)
        more: Headers = ()
        if collection.item is not None:
            path = f"{context.request.path.rstrip('/')}/{quote(row.key, safe='')}"
            if collection.item.path.endswith("/"):
                path += "/"
            more = ((b"location", path.encode("latin-1", "replace")),)
        status = self._replies.success
        if self._view is None:
            return self._replies.example(status, more=more)
        return self._replies.json(status, self._view.body(row, batch.instant), more)


class ListAnswer:
    """GET of a collection."""

    def __init__(
        self, operation: CompiledOperation, replies: Replies, collection: Collection, form: ListForm
    ) -> None:
        self._replies = replies
        self._collection = collection
        self._form = form
        self._depth = collection.path.count("{")
        self._shape = collection.shape_of(form.items)
        self._selection = Selection(
            operation.parameters.get("query", []), collection.shape, form.most
        )

    def __call__(self, context: Context) -> MockResponse:
        collection = self._collection
        table = context.batch.table(collection.key(context.path[: self._depth]))
        if not table.rows and not collection.can_create and not table.closed:
            return self._replies.example(self._replies.success)
        if not self._shape.is_object or len(table.rows) < self._form.least:
            return self._replies.example(self._replies.success)
        try:
            rows, position = self._selection.choose(table.rows, context.query, context.url)
        except WrongPageError as error:
            return self._replies.problem(404, str(error))
        shape, instant = self._shape, context.batch.instant
        bodies = [row.bodies.get(shape) or shape.render(row, instant) for row in rows]
        return self._replies.json(self._replies.success, self._form.write(bodies, position))


def _patch(context: Context, row: Row, given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that a PATCH writes; a merge patch goes into objects (RFC 7396)."""
    content_type = context.headers.get(b"content-type", b"")
    if not content_type.startswith(b"application/merge-patch+json"):
        return given
    return {name: _merged(row.value.get(name), value) for name, value in given.items()}


def _merged(old: Any, new: Any) -> Any:
    if not isinstance(new, dict):
        return new
    kept = dict(old) if isinstance(old, dict) else {}
    for name, value in new.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = _merged(kept.get(name), value)
    return kept


def _links(path: str) -> list[tuple[str, int]]:
    """Return by which names a resource may refer to its parents, with the parameter's number."""
    found: list[tuple[str, int]] = []
    segments = path.strip("/").split("/")
    index = 0
    for before, segment in pairwise(segments):
        if segment.startswith("{"):
            name = segment.strip("{}")
            single = before.replace("-", "_").removesuffix("s")
            bare = name.rpartition("_")[0]
            found += [(n, index) for n in (name, single, f"{single}_id", bare) if n and n != "id"]
            index += 1
    return found
