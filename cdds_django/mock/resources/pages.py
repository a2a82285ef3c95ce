"""Pages: what a list's answer has around its items, found from the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cdds_django.mock.compile.operations import CompiledOperation, Toolkit
from cdds_django.mock.resources.page_names import ITEMS, META, NESTED, role_in, snake
from cdds_django.mock.schemas.validators import Validator
from cdds_django.mock.values.json_text import bytes_of


class Position(NamedTuple):
    """Which part of a list an answer holds."""

    total: int
    offset: int
    size: int
    """How many items a page has at most."""
    here: int
    """How many this one has."""
    cursor: str | None
    """Where the next page begins, None on the last one."""
    link: Callable[[str], str | None]
    """Gives the URL of the pages `next`, `previous`, `first` and `last`."""


class ListForm:
    """The schema of a list: of its items, and of what is around them."""

    def __init__(
        self, items: Any, name: str | None, array: Any, whole: Mapping[str, Any], seed: str,
        tools: Toolkit,
    ) -> None:  # fmt: skip
        self.items = items
        """The schema of one item."""
        self.name = name
        """The property with the items, None where the list is all there is."""
        merged = tools.received_merger.merged(array)
        self.most: int | None = merged.get("maxItems")
        self.least: int = merged.get("minItems", 0)
        self._tools = tools
        self._parts: list[tuple[bytes, _Meta | None]] = []
        required = set(whole.get("required", ()))
        for key, inner in whole.get("properties", {}).items() if name is not None else ():
            if key == name:
                self._parts.append((bytes_of(key) + b":", None))
            elif inner is not False:
                meta = _Meta(key, inner, f"{seed}/{key}", tools)
                if meta.is_known or key in required:
                    self._parts.append((bytes_of(key) + b":", meta))

    def write(self, bodies: list[bytes], position: Position) -> bytes:
        """Return the answer with these items (JSON each)."""
        inner = b"[" + b",".join(bodies) + b"]"
        if self.name is None:
            return inner
        parts = [
            key + (inner if meta is None else bytes_of(meta.value(position)))
            for key, meta in self._parts
        ]
        return b"{" + b",".join(parts) + b"}"


class _Meta:
    """One property of a page beside the items."""

    def __init__(self, name: str, schema: Any, seed: str, tools: Toolkit) -> None:
        self.role = role_in(META, name)
        self._validator: Validator = tools.received.of(schema)
        self._types = tools.received_merger.types(schema)
        self._constant, _ = tools.examples.example(schema, seed, name)
        self._inner: dict[str, _Meta] = {}
        self.is_known = self.role is not None
        if snake(name) in NESTED and "object" in self._types:
            whole = tools.received_merger.merged(schema)
            required = set(whole.get("required", ()))
            for key, inner in whole.get("properties", {}).items():
                meta = _Meta(key, inner, f"{seed}/{key}", tools) if inner is not False else None
                if meta and (meta.is_known or key in required):
                    self._inner[key] = meta
        if self._inner:
            self.is_known = True

    def value(self, position: Position) -> Any:
        """Return what it is for the page at `position`; the example where that doesn't fit."""
        value: Any = self._constant
        if self._inner:
            value = {key: meta.value(position) for key, meta in self._inner.items()}
        elif self.role is not None:
            value = self._of(self.role, position)
        return value if self._validator.is_valid(value) else self._constant

    def _of(self, role: str, at: Position) -> Any:
        page = at.offset // at.size + 1 if at.size else 1
        is_last = at.offset + at.here >= at.total
        match role:
            case "next" | "previous" | "first" | "last":
                if "integer" in self._types:
                    return None if is_last else page + 1
                return at.link(role)
            case "total":
                return at.total
            case "cursor":
                if at.cursor is not None:
                    return at.cursor
                return None if "null" in self._types else ""
            case "has_more":
                return not is_last
            case "has_previous":
                return at.offset > 0
            case "page":
                return page
            case "pages":
                return max(-(-at.total // at.size), 1) if at.size else 1
            case "size":
                return at.size
            case "offset":
                return at.offset
        return at.here


def list_form(operation: CompiledOperation) -> ListForm | None:
    """Return the form of the list that an operation answers with, None if that is no list."""
    tools = operation.toolkit
    schema = operation.success_schema()
    if schema is None:
        return None
    whole = tools.received_merger.merged(schema)
    types = tools.received_merger.types(schema)
    if "array" in types and types <= {"array", "null"}:
        return ListForm(whole.get("items", True), None, schema, whole, operation.id, tools)
    properties = whole.get("properties")
    if not properties or "id" in properties:
        return None
    arrays = {
        name: inner
        for name, inner in properties.items()
        if "array" in tools.received_merger.types(inner)
    }
    name = _items_name(arrays, properties, operation.path)
    if name is None:
        return None
    items = tools.received_merger.merged(arrays[name]).get("items", True)
    return ListForm(items, name, arrays[name], whole, operation.id, tools)


def _items_name(arrays: Mapping[str, Any], properties: Mapping[str, Any], path: str) -> str | None:
    """Return the property with the items; an object that merely has a list is no page."""
    for name in arrays:
        if snake(name) in ITEMS:
            return name
    last = path.rstrip("/").rpartition("/")[2].replace("-", "_")
    if last in arrays:
        return last
    if len(arrays) == 1 and any(
        role_in(META, name) in ("total", "next", "cursor", "has_more") for name in properties
    ):
        return next(iter(arrays))
    return None
