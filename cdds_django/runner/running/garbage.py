"""Sparing the garbage collector what was loaded before the tests run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loaded_objects_spared() -> Iterator[None]:
    """Have the collector pass over all that there is now, here and in processes forked inside.

    Modules, models and test classes stay till the end, and going through them in every full
    collection takes a process some percent of its time; a forked one would also copy the pages
    that hold them (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    if gc.get_freeze_count():
        # Somebody else has done so, and will undo it.
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
