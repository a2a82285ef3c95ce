"""Following `$ref` inside one document, and saying where something in it is wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from cdds_django.contract.literals import JsonObject
from cdds_django.errors import ContractError

COMPONENTS = "#/components/schemas/"
"""Beginning of the pointers that names of schemas stand for."""


class UnusableDocumentError(Exception):
    """Something in a document can't be understood.

    `place` is the object (or list) of the document that holds it: its pointer is looked up only
    when there is an error to report, so that reading a good document costs nothing for it.
    """

    def __init__(self, place: object, problem: str) -> None:
        super().__init__(problem)
        self.place = place
        self.problem = problem


def explained(error: UnusableDocumentError, document: JsonObject, origin: str) -> ContractError:
    """Return the error for people: `origin` (a file name), the pointer and the problem."""
    pointer = pointer_to(document, error.place)
    return ContractError(f"{origin}, at {pointer or 'the document root'}: {error.problem}")


def resolve(document: JsonObject, reference: object, place: object) -> Any:
    """Return what `reference` (a local JSON pointer such as `#/components/schemas/Order`) names.

    Nothing is ever fetched. Raises UnusableDocumentError for a remote or dangling reference;
    `place` is the object that holds it.
    """
    if not isinstance(reference, str):
        raise UnusableDocumentError(
            place, f"$ref must be a string, not {type(reference).__name__}."
        )
    if not reference.startswith("#"):
        raise UnusableDocumentError(
            place,
            f"$ref {reference!r} leads outside this document, and nothing is fetched. "
            "Bundle the document into one file first.",
        )
    target: Any = document
    for part in _parts(reference, place):
        if isinstance(target, dict) and part in target:
            target = target[part]
        elif isinstance(target, list) and part.isdecimal() and int(part) < len(target):
            target = target[int(part)]
        else:
            raise UnusableDocumentError(
                place, f"$ref {reference!r} names nothing. Add {part!r}, or correct the reference."
            )
    return target


def target_of(document: JsonObject, node: Any, expected: str) -> JsonObject:
    """Return `node`, or the object that its chain of `$ref` ends in.

    `expected` (such as "a parameter") is named when it is no object. Raises UnusableDocumentError.
    """
    seen: set[str] = set()
    place = node
    while isinstance(node, dict) and "$ref" in node:
        reference = node["$ref"]
        place = node
        node = resolve(document, reference, place)
        if reference in seen:
            raise UnusableDocumentError(place, f"$ref {reference!r} refers to itself.")
        seen.add(reference)
    if not isinstance(node, dict):
        raise UnusableDocumentError(place, f"{expected} must be an object, not {_kind(node)}.")
    return node


def object_at(holder: JsonObject, key: str) -> JsonObject:
    """Return the object under `key` of `holder`, {} when absent. Raises UnusableDocumentError."""
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnusableDocumentError(holder, f"{key} must be an object, not {_kind(value)}.")
    return value


def list_at(holder: JsonObject, key: str) -> list[Any]:
    """Return the list under `key` of `holder`, [] when absent. Raises UnusableDocumentError."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnusableDocumentError(holder, f"{key} must be a list, not {_kind(value)}.")
    return value


def pointer_to(document: object, place: object) -> str | None:
    """Return the JSON pointer of the very object `place` in `document`, None when not in it."""
    pending: list[tuple[str, object]] = [("#", document)]
    # YAML's aliases let one object stand in many places, even inside itself.
    seen: set[int] = set()
    while pending:
        pointer, node = pending.pop()
        if node is place:
            return pointer
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, dict):
            pending += [(f"{pointer}/{escaped(str(key))}", child) for key, child in node.items()]
        elif isinstance(node, list):
            pending += [(f"{pointer}/{index}", child) for index, child in enumerate(node)]
    return None


def escaped(part: str) -> str:
    """Return `part` as one step of a JSON pointer (RFC 6901, section 3)."""
    return part.replace("~", "~0").replace("/", "~1")


def _parts(reference: str, place: object) -> list[str]:
    if reference == "#":
        return []
    if not reference.startswith("#/"):
        raise UnusableDocumentError(
            place, f"$ref {reference!r} names an anchor; write it as a pointer (#/…) instead."
        )
    return [
        unquote(part).replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/")
    ]


def _kind(value: object) -> str:
    names = {type(None): "null", bool: "a boolean", str: "a string", list: "a list"}
    return names.get(type(value), "a number")
