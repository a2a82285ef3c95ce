"""Which rows of a collection a list request asks for: filters, search, order, part."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from cdds_django.mock.compile.parameters import Parameter
from cdds_django.mock.resources.page_names import QUERY, role_in
from cdds_django.mock.resources.pages import Position
from cdds_django.mock.resources.shapes import Shape
from cdds_django.mock.state.ordered import OrderedMap
from cdds_django.mock.state.rows import Row
from cdds_django.mock.values.json_text import written

_DEFAULT_SIZE = 20
_IDS = ("id", "slug", "uuid", "code", "name")


class WrongPageError(Exception):
    """There is no such page."""


class Selection:
    """The query parameters of one list operation, by what they do."""

    def __init__(self, parameters: list[Parameter], shape: Shape, most: int | None) -> None:
        names = dict.fromkeys(QUERY, "")
        self._filters: list[str] = []
        for parameter in parameters:
            role = role_in(QUERY, parameter.name)
            if role is not None and not names[role] and parameter.name not in shape.fields:
                names[role] = parameter.name
            elif parameter.name.removesuffix("__in") in shape.fields:
                self._filters.append(parameter.name)
        if names["direction"] and not names["ordering"]:
            names["ordering"], names["direction"] = names["direction"], ""
        self._names = names
        self._sizes = next((p for p in parameters if p.name == names["size"]), None)
        self._most = most
        self._is_paged = any(names[role] for role in ("size", "offset", "page", "cursor"))

    def choose(
        self, rows: OrderedMap[str, Row], query: Mapping[str, Any], url: Callable[[str, Any], str]
    ) -> tuple[list[Row], Position]:
        """Return the rows to answer with, and where they stand.

        `url` gives the URL of this request with one query parameter set. Raises WrongPageError.
        """
        size = self._size(query, len(rows))
        tests = self._tests(query)
        order = query.get(self._names["ordering"])
        if not tests and not order:
            total = len(rows)
            offset = self._offset(query, size, lambda: list(rows.keys()), total)
            chosen = rows.slice(offset, min(size, total))
        else:
            found = list(rows.values())
            for test in tests:
                found = [row for row in found if test(row.value)]
            found = self._ordered(found, order, query.get(self._names["direction"]))
            total = len(found)
            offset = self._offset(query, size, lambda: [row.key for row in found], total)
            chosen = found[offset : offset + size]
        return chosen, self._position(chosen, total, offset, size, url)

    def _size(self, query: Mapping[str, Any], total: int) -> int:
        wanted = query.get(self._names["size"])
        if not isinstance(wanted, int) or wanted < 0:
            schema = self._sizes.schema if self._sizes else None
            default = schema.get("default") if isinstance(schema, dict) else None
            wanted = default if isinstance(default, int) else None
        if wanted is None:
            wanted = _DEFAULT_SIZE if self._is_paged else total
        return min(wanted, self._most) if self._most is not None else wanted

    def _offset(
        self, query: Mapping[str, Any], size: int, keys: Callable[[], list[str]], total: int
    ) -> int:
        names = self._names
        offset = query.get(names["offset"])
        if isinstance(offset, int):
            return min(max(offset, 0), total)
        cursor = query.get(names["cursor"])
        if cursor not in (None, ""):
            return _after(str(cursor), keys())
        page = query.get(names["page"])
        if isinstance(page, int):
            if page < 1 or (page > 1 and (page - 1) * size >= total):
                raise WrongPageError(f"There is no page {page}.")
            return (page - 1) * size
        return 0

    def _position(
        self, chosen: list[Row], total: int, offset: int, size: int, url: Callable[[str, Any], str]
    ) -> Position:
        is_last = not chosen or offset + len(chosen) >= total
        cursor = None if is_last else _token(chosen[-1].key)
        name = self._names["page"] or self._names["offset"] or self._names["cursor"]

        def link(page: str) -> str | None:
            if not name or (page == "next" and is_last) or (page == "previous" and not offset):
                return None
            start = {"next": offset + size, "previous": max(offset - size, 0), "first": 0}
            last = max(total - 1, 0) // size * size if size else 0
            after = cursor if page == "next" else ""
            return url(name, self._value(name, start.get(page, last), size, after))

        return Position(total, offset, size, len(chosen), cursor, link)

    def _value(self, name: str, offset: int, size: int, cursor: str | None) -> Any:
        if name == self._names["page"]:
            return offset // size + 1 if size else 1
        return offset if name == self._names["offset"] else cursor

    def _tests(self, query: Mapping[str, Any]) -> list[Callable[[Mapping[str, Any]], bool]]:
        tests = [
            _equals(name.removesuffix("__in"), query[name], split=name.endswith("__in"))
            for name in self._filters
            if query.get(name) is not None
        ]
        text = query.get(self._names["search"])
        if isinstance(text, str) and text:
            tests.append(_holds(text.lower()))
        return tests

    def _ordered(self, rows: list[Row], order: Any, direction: Any) -> list[Row]:
        names = order if isinstance(order, list) else str(order or "").split(",")
        down = str(direction or "").lower().startswith("desc")
        for name in reversed([str(name).strip() for name in names]):
            field = name.lstrip("+-")
            if field:
                rows = sorted(
                    rows,
                    key=lambda row, field=field: _sort_key(row.value.get(field)),  # type: ignore[misc]
                    reverse=name.startswith("-") != down,
                )
        return rows


def _equals(name: str, wanted: Any, *, split: bool) -> Callable[[Mapping[str, Any]], bool]:
    values = wanted if isinstance(wanted, list) else str(wanted).split(",") if split else [wanted]
    texts = {_text(value) for value in values}
    kind = type(wanted) if not split else None

    def test(value: Mapping[str, Any]) -> bool:
        own = value.get(name)
        if type(own) is kind:
            return bool(own == wanted)
        if isinstance(own, dict):
            return any(_text(own[key]) in texts for key in _IDS if key in own)
        if isinstance(own, list):
            return any(_text(item) in texts for item in own)
        return _text(own) in texts

    return test


def _holds(text: str) -> Callable[[Mapping[str, Any]], bool]:
    def test(value: Mapping[str, Any]) -> bool:
        return any(text in own.lower() for own in value.values() if isinstance(own, str))

    return test


def _text(value: Any) -> str:
    return value if isinstance(value, str) else written(value)


def _sort_key(value: Any) -> tuple[int, Any]:
    if value is None:
        return 0, 0
    if isinstance(value, bool | int | float):
        return 1, value
    return 2, _text(value)


def _token(key: str) -> str:
    """Return the cursor that leads on after the row with this key."""
    return base64.urlsafe_b64encode(key.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _after(cursor: str, keys: list[str]) -> int:
    # Stripe's cursors are ids themselves.
    if cursor in keys:
        return keys.index(cursor) + 1
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return keys.index(base64.urlsafe_b64decode(padded).decode()) + 1
    except (ValueError, binascii.Error):
        raise WrongPageError("There is no page at this cursor.") from None


def with_parameter(query: str, name: str, value: Any) -> str:
    """Return a query string with one parameter set, the others as they are."""
    encoded = quote(name, safe="")
    rest = [
        pair for pair in query.split("&") if pair and pair.partition("=")[0] not in (encoded, name)
    ]
    if value not in (None, ""):
        rest.append(f"{encoded}={quote(str(value), safe='')}")
    return "&".join(rest)
