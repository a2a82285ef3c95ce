"""Keeping runs apart that use test databases at the same time in one checkout."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

_LONGEST = 40
"""PostgreSQL cuts names after 63 bytes; the run's id and the worker's number must fit."""


@contextmanager
def only_user(state_dir: Path, aliases: Collection[str]) -> Iterator[bool]:
    """Yield whether no other run uses the test databases of `aliases`; keep others off till then.

    Without a place for a lock nobody can tell, and the answer is yes.
    """
    handle = _open(state_dir / "databases.lock") if aliases else None
    if handle is None:
        yield True
        return
    try:
        yield _lock(handle)
    finally:
        os.close(handle)


def _open(path: Path) -> int | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
    except OSError:
        return None


def _lock(handle: int) -> bool:
    """Return whether the lock is ours now. The system takes it back from a process that dies."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def own_names(aliases: Collection[str], run: str) -> Iterator[None]:
    """Give the test databases names that hold the run's id."""
    before: dict[str, str | None] = {}
    for alias in aliases:
        connection: Any = connections[alias]
        name = str(connection.creation._get_test_db_name())
        test = connection.settings_dict["TEST"]
        before[alias] = test["NAME"]
        if connection.vendor == "sqlite":
            root, extension = os.path.splitext(name)
            test["NAME"] = f"{root}_{run}{extension}"
        else:
            test["NAME"] = f"{name[:_LONGEST]}_{run}"
    try:
        yield
    finally:
        for alias, former in before.items():
            connections[alias].settings_dict["TEST"]["NAME"] = former
