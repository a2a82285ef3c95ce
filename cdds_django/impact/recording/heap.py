"""Looking for objects that the process holds, wherever they are.

A process may take what it has loaded out of the garbage collector's sight (`gc.freeze()`), as
servers do that fork. The collector then doesn't tell of these objects either.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def all_objects() -> list[Any]:
    """Return all containers, classes and functions that there are."""
    with _thawed():
        return gc.get_objects()


def holders_of(*objects: Any) -> list[Any]:
    """Return what holds any of some objects."""
    with _thawed():
        return gc.get_referrers(*objects)


@contextmanager
def _thawed() -> Iterator[None]:
    if not gc.get_freeze_count():
        yield
        return
    gc.unfreeze()
    try:
        yield
    finally:
        gc.freeze()
