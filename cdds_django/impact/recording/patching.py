"""Wrapping or replacing a method of a class, or a function of a module, for a while."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any


def wrap(owner: type | ModuleType, name: str, wrapper: Callable[..., Any]) -> Callable[[], None]:
    """Have `wrapper(original, self, *args)` called in place of a method, or
    `wrapper(original, *args)` in place of a function; return what ends it."""
    original = owner.__dict__[name]

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return wrapper(original, *args, **kwargs)

    return replace(owner, name, wrapped)


def replace(
    owner: type | ModuleType, name: str, replacement: Callable[..., Any]
) -> Callable[[], None]:
    """Put `replacement` in the place of a method; return what ends it."""
    original = owner.__dict__[name]
    setattr(owner, name, replacement)
    return lambda: setattr(owner, name, original)


def put(owner: type, name: str, method: Callable[..., Any]) -> Callable[[], None]:
    """Give a class a method that it inherits otherwise; return what ends it."""
    if name in vars(owner):
        return replace(owner, name, method)
    setattr(owner, name, method)
    return lambda: delattr(owner, name)


def all_of(callbacks: Sequence[Callable[[], None]]) -> Callable[[], None]:
    """Return one callback that calls several, the last first."""

    def call() -> None:
        for callback in reversed(callbacks):
            callback()

    return call
