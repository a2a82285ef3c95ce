"""Which operations make up a collection, found from paths and schemas alone.

`/orders/{id}` is a resource of `/orders`; `/orders` is a collection if it can be listed or has
resources; `/orders/{id}/pay` that answers as the order itself does is about the order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from cdds_django.mock.compile.operations import CompiledOperation, Toolkit
from cdds_django.mock.resources.collection import Collection
from cdds_django.mock.resources.pages import ListForm, list_form
from cdds_django.mock.resources.views import declared_resources, resource_schema
from cdds_django.mock.state.rows import Meter

_PARAMETER = re.compile(r"\{[^{}]*\}")
_ITEM_METHODS = ("GET", "PUT", "PATCH", "DELETE")
_WRITING = ("PUT", "PATCH", "DELETE")


class Discovery:
    """Knows the collections of one document; each is looked at when a request comes near it."""

    def __init__(
        self, operations: Iterable[CompiledOperation], tools: Toolkit, meter: Meter
    ) -> None:
        self._tools = tools
        self._meter = meter
        self._by_key: dict[str, dict[str, CompiledOperation]] = {}
        for operation in operations:
            self._by_key.setdefault(key_of(operation.path), {})[operation.method] = operation
        self._by_last: dict[str, str] = {}
        """Paths without parameters by their last segment."""
        for key in self.paths():
            if "{" not in key:
                self._by_last.setdefault(key.rpartition("/")[2].replace("-", "_"), key)
        self._collections: dict[str, Collection | None] = {}
        self._forms: dict[str, ListForm | None] = {}

    def parents(self, operation: CompiledOperation) -> list[tuple[Collection, int]]:
        """Return the collections whose resources a path leads through, outermost first.

        The number is how many path parameters stand before the resource's own. The resource that
        the path ends in isn't among them.
        """
        segments = key_of(operation.path).split("/")
        found = []
        depth = 0
        for index, segment in enumerate(segments[:-1]):
            if segment == "{}":
                collection = self.collection("/".join(segments[:index]))
                if collection is not None:
                    found.append((collection, depth))
            depth += segment.count("{}")
        return found

    def collection(self, key: str) -> Collection | None:
        """Return the collection of a path without parameter names, None when there is none."""
        if key not in self._collections:
            self._collections[key] = None
            self._collections[key] = self._made(key)
        return self._collections[key]

    def at(self, path: str) -> Collection | None:
        """Return the collection of a path as the document writes it, with or without names."""
        key = key_of(path)
        return self.singleton(key) if self.is_singleton(key) else self.collection(key)

    def named(self, name: str) -> Collection | None:
        """Return the collection whose resources are called `name`: `/venues` for `venue`."""
        for plural in (f"{name}s", f"{name}es", f"{name[:-1]}ies", name):
            key = self._by_last.get(plural)
            if key is not None and not self.is_singleton(key):
                return self.collection(key)
        return None

    def paths(self) -> list[str]:
        """Return the paths, without names, that may be collections."""
        keys = set(self._by_key)
        keys |= {key.rpartition("/")[0] for key in self._by_key if key.endswith("/{}")}
        return sorted(keys)

    def _made(self, key: str) -> Collection | None:
        own = self._by_key.get(key, {})
        items = {
            method: operation
            for method, operation in self._by_key.get(f"{key}/{{}}", {}).items()
            if method in _ITEM_METHODS and self.is_about_one(operation)
        }
        item = next((items[method] for method in _ITEM_METHODS if method in items), None)
        form = self.form(own["GET"]) if "GET" in own else None
        post = own.get("POST")
        creates = post is not None and self.is_about_one(post)
        if post is not None and item is None and form is None:
            creates = creates and self._creates_alone(post, key)
        if item is None and form is None and not creates:
            return None
        schema = None
        for operation in (items.get("GET"), post if creates else None, item):
            if schema is None and operation is not None:
                schema = resource_schema(operation)
        if schema is None:
            schema = form.items if form is not None else True
        path = own[next(iter(own))].path if own else ""
        if item is not None and not path:
            path = item.path.rstrip("/").rpartition("/")[0] + "/" * item.path.endswith("/")
        collection = Collection(
            path,
            schema,
            item,
            can_create=creates,
            samples=self._samples(items.get("GET"), post if creates else None, own.get("GET")),
            named=self.named,
            meter=self._meter,
            tools=self._tools,
        )
        self._nest(collection, key)
        return collection

    def _samples(self, *operations: CompiledOperation | None) -> list[Any]:
        """Return the resources in all examples that operations declare, those of lists as well."""
        found: list[Any] = []
        for operation in operations:
            if operation is None:
                continue
            form = self.form(operation)
            for example in declared_resources(operation):
                if form is not None and form.name is not None:
                    example = example.get(form.name) if isinstance(example, dict) else None
                found += example if isinstance(example, list) else [example]
        return found

    def _nest(self, collection: Collection, key: str) -> None:
        segments = key.split("/")
        for index in range(len(segments) - 1, 0, -1):
            if segments[index] == "{}":
                outer = self.collection("/".join(segments[:index]))
                if outer is not None:
                    outer.nested.append(collection)
                    return

    def is_about_one(self, operation: CompiledOperation) -> bool:
        """Whether an operation answers with one resource, or with none, but not with a list."""
        schema = operation.success_schema()
        if schema is None:
            success = operation.responses.success
            return success is None or not success.media
        types = self._tools.received_merger.types(schema)
        return (not types or "object" in types) and self.form(operation) is None

    def _creates_alone(self, post: CompiledOperation, key: str) -> bool:
        """Whether a POST makes resources though no path shows them again."""
        schema = resource_schema(post)
        if schema is None or post.responses.success_status != 201:
            return False
        if self.subject(post, key.rpartition("/")[0]) is not None:
            return False
        return "id" in self._tools.received_merger.merged(schema).get("properties", {})

    def form(self, operation: CompiledOperation) -> ListForm | None:
        """Return the form of the list that an operation answers with, None if that is no list."""
        if operation.id not in self._forms:
            self._forms[operation.id] = list_form(operation)
        return self._forms[operation.id]

    def is_singleton(self, key: str) -> bool:
        """Whether one resource lives at a path itself: it is read and written there."""
        own = self._by_key.get(key, {})
        if key.endswith("{}") or "GET" not in own or f"{key}/{{}}" in self._by_key:
            return False
        return any(method in own for method in _WRITING) and self.is_about_one(own["GET"])

    def singleton(self, key: str) -> Collection:
        """Return the one resource at a path, as a collection that has no other."""
        known = self._collections.get(key)
        if known is None:
            get = self._by_key[key]["GET"]
            schema = resource_schema(get)
            known = self._collections[key] = Collection(
                get.path,
                True if schema is None else schema,
                None,
                can_create=False,
                samples=declared_resources(get),
                named=self.named,
                meter=self._meter,
                tools=self._tools,
            )
            self._nest(known, key)
        return known

    def shown_part(self, parent: str, form: ListForm | None) -> Collection | None:
        """Return the collection of which `/events/upcoming` beside `/events` shows a part."""
        collection = self.collection(parent) if form is not None and parent else None
        if collection is None or form is None or parent.endswith("}"):
            return None
        own = self._by_key.get(parent, {}).get("GET")
        whole = self.form(own) if own else None
        merger = self._tools.received_merger
        name = merger.identity(form.items)
        same = whole is not None and merger.identity(whole.items) == name
        return collection if name is not None and same else None

    def subject(self, operation: CompiledOperation, parent: str) -> Collection | None:
        """Return the collection of the resource that `…/{id}/pay` answers with, if it does."""
        if not parent.endswith("/{}"):
            return None
        collection = self.collection(parent.removesuffix("/{}"))
        schema = resource_schema(operation)
        if collection is None or schema is None or collection.item is None:
            return None
        merger = self._tools.received_merger
        name = merger.identity(schema)
        return collection if name and name == merger.identity(collection.shape.schema) else None


def key_of(path: str) -> str:
    """Return a path without the names of its parameters and without a slash at its end."""
    return _PARAMETER.sub("{}", path).rstrip("/")
