"""Where a stand-in for another service says which operations of it were called.

The mock says so, the impact map listens; neither knows the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, str, bool], None]
"""Takes the absolute path of an OpenAPI document, the operation ("POST /charges") that was called
or one of the two below in its place, and whether who called it is on the stack."""

IN_USE = ""
"""Nothing was called yet: the document was taken into use."""
UNKNOWN = "*"
"""Something was called that no operation of the document takes."""

_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Have `listener` called from now on; return what ends that."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def report(document: str, operation: str, *, from_caller: bool = True) -> None:
    """Say that an operation was called, in the thread and below the code that called it.

    Without `from_caller` it was some time ago, and by whoever.
    """
    for listener in _listeners:
        listener(document, operation, from_caller)


class _Here(threading.local):
    is_told_otherwise = False


_here = _Here()


@contextmanager
def told_otherwise() -> Iterator[None]:
    """Keep what is read inside out of the records: whoever reads it reports what it means."""
    before, _here.is_told_otherwise = _here.is_told_otherwise, True
    try:
        yield
    finally:
        _here.is_told_otherwise = before


def is_told_otherwise() -> bool:
    """Whether this thread is inside `told_otherwise()`."""
    return _here.is_told_otherwise
