"""Responses that an operation declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cdds_django.contract.literals import JsonObject
from cdds_django.contract.media_types import is_text
from cdds_django.contract.references import object_at, target_of
from cdds_django.mock.schemas.conversion import Schemas

_RANGE = re.compile(r"[1-5]XX", re.IGNORECASE)


class Media:
    """One form of a response."""

    __slots__ = ("examples", "is_json", "name", "schema")

    def __init__(self, document: JsonObject, name: str, raw: Any, schemas: Schemas) -> None:
        source = target_of(document, raw, "a media type")
        self.name = "application/json" if name == "*/*" else name
        self.is_json = not is_text(self.name)
        self.schema = schemas.convert(source.get("schema", True))
        self.examples = tuple(_examples(document, source))


class Response:
    """What is declared for one status, or for a range of them."""

    __slots__ = ("headers", "json", "media", "status")

    def __init__(self, document: JsonObject, status: str, raw: Any, schemas: Schemas) -> None:
        source = target_of(document, raw, "a response")
        self.status = status
        self.media = tuple(
            Media(document, name, media, schemas)
            for name, media in object_at(source, "content").items()
        )
        self.json = next((media for media in self.media if media.is_json), None)
        """The first form that is JSON."""
        self.headers: dict[str, tuple[Any, bool, Any]] = {}
        """Schema, whether it must be there, and an example, by name."""
        for name, raw_header in object_at(source, "headers").items():
            header = target_of(document, raw_header, "a header")
            self.headers[name] = (
                schemas.convert(header.get("schema", True)),
                header.get("required") is True,
                next(_examples(document, header), None),
            )


class Responses:
    """All that an operation declares."""

    __slots__ = ("_by_status", "success", "success_status")

    def __init__(self, document: JsonObject, source: JsonObject, schemas: Schemas) -> None:
        self._by_status = {
            str(status).upper() if status != "default" else "default": Response(
                document, str(status), raw, schemas
            )
            for status, raw in object_at(source, "responses").items()
            if not str(status).startswith("x-")
        }
        self.success_status, self.success = self._best()

    def declared(self, status: int) -> Response | None:
        """Return what is declared for `status`, None if nothing is."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self._by_status:
                return self._by_status[key]
        return None

    def _best(self) -> tuple[int, Response | None]:
        """Return the first success, else the first redirection, else what `default` says."""
        for begin in ("2", "3"):
            exact = sorted(k for k in self._by_status if k.isdigit() and k.startswith(begin))
            if exact:
                return int(exact[0]), self._by_status[exact[0]]
            if f"{begin}XX" in self._by_status:
                return int(f"{begin}00"), self._by_status[f"{begin}XX"]
        if "default" in self._by_status:
            return 200, self._by_status["default"]
        # An operation that declares failures alone; it fails, since nothing else is promised.
        exact = sorted(k for k in self._by_status if k.isdigit() and len(k) == 3)
        if exact:
            return int(exact[0]), self._by_status[exact[0]]
        ranges = sorted(k for k in self._by_status if _RANGE.fullmatch(k))
        if ranges:
            return int(ranges[0][0]) * 100, self._by_status[ranges[0]]
        return 200, None


def _examples(document: JsonObject, source: JsonObject) -> Iterator[Any]:
    if "example" in source:
        yield source["example"]
    examples = source.get("examples")
    if isinstance(examples, dict):
        for raw in examples.values():
            example = target_of(document, raw, "an example")
            if "value" in example:
                yield example["value"]
