"""Saying a value once, and its place from then on: tests share most of what they have."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value", bound=Hashable)


class Interned(Generic[Value]):
    """Values by place, in the order in which they first came."""

    def __init__(self, *first: Value) -> None:
        self._places: dict[Value, int] = {value: place for place, value in enumerate(first)}

    def place(self, value: Value) -> int:
        """Return where a value is; it is added where it is new."""
        return self._places.setdefault(value, len(self._places))

    @property
    def values(self) -> list[Value]:
        return list(self._places)
