"""What a field of a resource is when nobody gave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from cdds_django.contract.literals import JsonObject
from cdds_django.mock.compile.operations import Toolkit
from cdds_django.mock.schemas.conversion import DOUBTFUL_NULL

UNIQUE_NAMES = frozenset({"id", "uuid", "slug", "code", "key", "reference", "number", "token"})
_BEGINNINGS = frozenset(
    ("draft", "new", "pending", "created", "open", "active", "reserved", "queued", "scheduled")
)
"""Values of enumerations that something just made is likely to have."""

Kind = Literal["constant", "instant", "slug", "unique"]
"""Whether a field is the same in all new resources, the time, made from the name, or another one
in each."""


class Field:
    """One property of a shape."""

    __slots__ = ("constant", "is_always", "kind", "name", "read_only", "schema")

    def __init__(
        self,
        name: str,
        schema: Any,
        required: bool,
        seed: str,
        sample: Mapping[str, Any],
        tools: Toolkit,
    ) -> None:
        """Compile a property; `sample` is a declared example of a whole resource, {} if none is."""
        whole = tools.received_merger.merged(schema)
        types = tools.received_merger.types(schema)
        self.name = name
        self.schema = schema
        self.read_only = whole.get("readOnly") is True
        self.is_always = required or self.read_only
        """Whether a resource has it though nobody gave it."""
        self.constant: Any = None
        if "default" in whole and tools.received.of(schema).is_valid(whole["default"]):
            self.kind: Kind = "constant"
            self.is_always = True
            self.constant = whole["default"]
        elif "null" in types and DOUBTFUL_NULL not in whole and name not in UNIQUE_NAMES:
            self.kind = "constant"
        else:
            self.kind = _kind(name, whole, types)
            if self.kind == "constant":
                self.constant = _fresh(schema, whole, types, sample.get(name), tools)
                if self.constant is None:
                    self.constant, _ = tools.examples.example(schema, seed, name)


def _kind(name: str, whole: JsonObject, types: frozenset[str]) -> Kind:
    if whole.get("format") == "date-time" and "string" in types:
        return "instant"
    if name == "slug":
        return "slug"
    has_many_values = "enum" not in whole and "const" not in whole
    if whole.get("format") == "uuid" and has_many_values:
        return "unique"
    if name in UNIQUE_NAMES and has_many_values and types & {"string", "integer"}:
        return "unique"
    return "constant"


def _fresh(
    schema: Any, whole: JsonObject, types: frozenset[str], sample: Any, tools: Toolkit
) -> Any:
    """Return what a property is in a resource just made: nothing counted, nothing listed.

    Else what it is in the `sample`; None where that doesn't say.
    """
    validator = tools.received.of(schema)
    plain: Any = None
    if "array" in types:
        plain = []
    elif "boolean" in types:
        plain = False
    elif "example" not in whole:
        is_number = bool(types & {"integer", "number"})
        values = whole.get("enum", ())
        plain = 0 if is_number else next((v for v in values if v in _BEGINNINGS), None)
    for value in (plain, sample):
        if value is not None and validator.is_valid(value):
            return value
    return None
