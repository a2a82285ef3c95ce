"""Ids: which property is one, what a new one is, and how a path writes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cdds_django.mock.compile.operations import Toolkit
from cdds_django.mock.errors import NoIdLeftError
from cdds_django.mock.resources.shapes import Shape
from cdds_django.mock.schemas.validators import Validator

_USUAL = ("id", "uuid", "slug", "name", "key", "code", "number", "login", "reference", "sha")
_ATTEMPTS = 50
_SCALARS = frozenset({"string", "integer"})


def id_property(parameter: str, shape: Shape, tools: Toolkit) -> str | None:
    """Return the property of a shape that a path parameter such as `charge_id` stands for."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", parameter).lower().split("_")
    candidates = [parameter, "_".join(words), words[-1]]
    if words[-1] in ("pk", "ident", "identifier"):
        candidates.append("id")
    for name in (*candidates, *_USUAL):
        field = shape.fields.get(name)
        if field is not None and tools.received_merger.types(field.schema) & _SCALARS:
            return name
    return None


def text_of(value: Any) -> str:
    """Return an id as paths write it, percent-encoding apart."""
    return value if isinstance(value, str) else str(value)


def from_path(text: str, schema: Any, tools: Toolkit) -> Any:
    """Return the id that stands in a path, as the property's schema has it."""
    types = tools.received_merger.types(schema)
    if "integer" in types and re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    return text


class IdMaker:
    """Makes ids that both the property's schema and the path parameter's allow."""

    def __init__(
        self, name: str, schema: Any, in_path: Validator | None, path_schema: Any, seed: str,
        tools: Toolkit,
    ) -> None:  # fmt: skip
        self._name = name
        self._schema = schema
        self._seed = seed
        self._tools = tools
        self._validator = tools.received.of(schema)
        self._in_path = in_path
        self._sources = (
            [schema] if path_schema is True else [{"allOf": [schema, path_schema]}, schema]
        )
        types = tools.received_merger.types(schema)
        self._counts = not types or "integer" in types

    def accepts(self, value: Any) -> bool:
        """Whether `value` can be an id here."""
        if not self._validator.is_valid(value):
            return False
        if self._in_path is None or self._in_path.is_valid(value):
            return True
        return self._in_path.is_valid(text_of(value))

    def make(self, number: int, preferred: Any, is_taken: Callable[[str], bool]) -> Any:
        """Return the id of the resource with this number; `preferred` if it is free.

        `is_taken` says whether a text is an id already. Raises NoIdLeftError.
        """
        if preferred is not None:
            if self.accepts(preferred) and not is_taken(text_of(preferred)):
                return preferred
            if isinstance(preferred, str):
                for suffix in range(2, _ATTEMPTS):
                    other = f"{preferred}-{suffix}"
                    if self.accepts(other) and not is_taken(other):
                        return other
        if self._counts:
            for count in range(number, number + _ATTEMPTS):
                if self.accepts(count) and not is_taken(str(count)):
                    return count
        for attempt in range(_ATTEMPTS):
            seed = f"{self._seed}:{number}" + (f":{attempt}" if attempt else "")
            for schema in self._sources:
                value, _ = self._tools.examples.example(schema, seed, self._name, declared=False)
                if self.accepts(value) and not is_taken(text_of(value)):
                    return value
        raise NoIdLeftError(f"no other `{self._name}` was found that the contract allows")
