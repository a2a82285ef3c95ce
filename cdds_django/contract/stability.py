"""What is not the same in two builds of one project's schema, and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdds_django.contract.literals import JsonObject, text_of
from cdds_django.contract.operations import METHODS
from cdds_django.contract.origins import Origins
from cdds_django.contract.references import COMPONENTS, escaped

SEEDS = (1, 4242)
"""Hash seeds under which a set of two or three words mostly comes in two different orders."""

_LONGEST = 60
"""Characters of a value that are shown."""


@dataclass(frozen=True, kw_only=True)
class Unstable:
    """One place of the schema that differs between two builds of the same code."""

    pointer: str
    first: str
    """What it was, shortened."""
    second: str
    is_order: bool
    """Whether it is one list in another order."""
    origin: str
    """The serializer's field, or the view, that makes it; empty where that isn't known."""

    def __str__(self) -> str:
        made = f" (made by {self.origin})" if self.origin else ""
        what = "comes in another order" if self.is_order else f"{self.first} or {self.second}"
        return f"{self.pointer}{made}: {what}"


def unstable_places(first: JsonObject, second: JsonObject, origins: Origins) -> list[Unstable]:
    """Return where two builds of a document differ, in the order of the document.

    Ids that drf-spectacular gives enumerations (`x-spec-enum-id`) don't count.
    """
    return [
        Unstable(
            pointer=pointer,
            first=_shortened(old),
            second=_shortened(new),
            is_order=_is_order(old, new),
            origin=_origin(first, pointer, origins),
        )
        for pointer, old, new in _differences("#", first, second)
    ]


def _differences(pointer: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            if key != "x-spec-enum-id":
                place = f"{pointer}/{escaped(key)}"
                yield from _differences(place, old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and not _is_order(old, new):
        if len(old) != len(new):
            yield pointer, old, new
            return
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{pointer}/{index}", *pair)
    else:
        yield pointer, old, new


def _is_order(old: Any, new: Any) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        # drf-spectacular lists the choices of a field in its description.
        old, new = old.splitlines(), new.splitlines()
        return len(old) > 1 and sorted(old) == sorted(new)
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    return sorted(map(text_of, old)) == sorted(map(text_of, new))


def _origin(document: JsonObject, pointer: str, origins: Origins) -> str:
    if pointer.startswith(COMPONENTS):
        origin = origins.of(pointer)
        return origin.name if origin else _users(document, pointer, origins)
    parts = pointer.split("/")
    if parts[1:2] != ["paths"] or len(parts) < 4 or parts[3] not in METHODS:
        return ""
    path = parts[2].replace("~1", "/").replace("~0", "~")
    operation = document.get("paths", {}).get(path, {}).get(parts[3], {})
    return origins.views.get(str(operation.get("operationId")), "")


def _users(document: JsonObject, pointer: str, origins: Origins) -> str:
    """Return the serializer's field that uses the component, made of choices, at `pointer`."""
    name = pointer.removeprefix(COMPONENTS).split("/")[0]
    reference = f'"{COMPONENTS}{name}"'
    schemas = document.get("components", {}).get("schemas", {})
    for owner, schema in sorted(schemas.items()):
        for field, form in schema.get("properties", {}).items():
            if reference in text_of(form):
                place = f"{COMPONENTS}{escaped(owner)}/properties/{escaped(field)}"
                origin = origins.of(place)
                if origin is not None:
                    return origin.name
    return ""


def _shortened(value: Any) -> str:
    text = text_of(value) if value is not None else "nothing"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
