"""The state of things that tests can leave behind, each as names with states."""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError, connections
from django.test import testcases

from cdds_django.impact.sources.settings import plain
from cdds_django.runner.isolation.own_keys import own_keys

Trace = Mapping[str, str]
"""What is there, by name, and in which state."""

_PASSED_OVER = frozenset({"node_modules", "__pycache__"})
_MOST_COMPARED = 1_000
"""Rows of a table whose content is compared; those of larger ones are counted."""
_DESCRIPTORS = "/proc/self/fd"
_FORBIDDEN: type[Exception] = testcases.DatabaseOperationForbidden  # type: ignore[attr-defined]


def rows() -> Trace:
    """Return the number of rows in each table of the databases that are connected to.

    After it comes a digest of the rows, if there aren't too many.
    """
    found: dict[str, str] = {}
    for alias in connections:
        connection: Any = connections[alias]
        if connection.connection is None or connection.needs_rollback:
            continue
        # A test that may not use the database leaves nothing in it either.
        with suppress(DatabaseError, _FORBIDDEN):
            names = connection.introspection.django_table_names(only_existing=True)
            if not names:
                continue
            quote = connection.ops.quote_name
            parts = [f"SELECT '{name}', count(*) FROM {quote(name)}" for name in names]
            with connection.cursor() as cursor:
                cursor.execute(" UNION ALL ".join(parts))
                for name, number in cursor.fetchall():
                    content = ""
                    if 0 < number <= _MOST_COMPARED:
                        cursor.execute(f"SELECT * FROM {quote(name)}")
                        content = _digest(sorted(map(_written, cursor.fetchall())))
                    found[f"{alias}.{name}"] = f"{number} {content}"
    return found


def _written(row: Iterable[Any]) -> str:
    return repr([bytes(value) if isinstance(value, memoryview) else value for value in row])


def cache_keys() -> Trace:
    """Return the keys in caches that can be listed, with digests of values in memory."""
    found: dict[str, str] = {}
    for alias in settings.CACHES:
        cache: Any = getattr(caches._connections, alias, None)  # type: ignore[attr-defined]
        if cache is None:
            continue
        values: Mapping[str, bytes] = {}
        if isinstance(cache, LocMemCache):
            values = dict(cache._cache)  # type: ignore[attr-defined]
            keys = list(values)
        elif isinstance(cache, FileBasedCache):
            keys = [Path(path).name for path in cache._list_cache_files()]  # type: ignore[attr-defined]
        else:
            keys = own_keys(cache)
        for key in keys:
            shown = str(key).rpartition(cache.key_prefix)[2]
            found[f"{shown} in {alias}"] = _digest([repr(values.get(key))])
    return found


def files() -> Trace:
    """Return the files below the working directory, MEDIA_ROOT and the temporary directory."""
    roots = {os.path.abspath(root) for root in (".", settings.MEDIA_ROOT)}
    if (
        tempfile.tempdir is not None
    ):  # As isolation sets it; others may be at work in the usual one.
        roots.add(os.path.abspath(tempfile.tempdir))
    tops = [r for r in roots if not any(r != o and r.startswith(f"{o}{os.sep}") for o in roots)]
    return {path: "" for top in tops for path in _files_below(top)}


def _files_below(top: str) -> Iterator[str]:
    for directory, directories, names in os.walk(top):
        directories[:] = [
            name
            for name in directories
            if not name.startswith(".")
            and name not in _PASSED_OVER
            and not os.path.exists(os.path.join(directory, name, "pyvenv.cfg"))
        ]
        yield from (os.path.relpath(os.path.join(directory, name)) for name in names)


def threads() -> Trace:
    """Return the names of threads; two may have the same."""
    return {str(id(thread)): thread.name for thread in threading.enumerate()}


def changed_settings() -> Trace:
    holder = getattr(settings, "_wrapped")  # noqa: B009 (the type stubs don't know it)
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in dir(holder):
            if name.isupper():
                with suppress(Exception):  # Some can't be read, as in Django's own deprecations.
                    found[name] = plain(getattr(holder, name))
    return found


def variables() -> Trace:
    return {name: _digest([value]) for name, value in os.environ.items()}


def directory() -> Trace:
    return {"": os.getcwd()}


def open_connections() -> Trace:
    """Return the peers of this process's sockets, where the system lists them; no database's."""
    found = {}
    if os.path.isdir(_DESCRIPTORS):
        own = set(_of_databases())
        for name in os.listdir(_DESCRIPTORS):
            with suppress(OSError):
                link = os.readlink(f"{_DESCRIPTORS}/{name}")
                if link.startswith("socket:") and int(name) not in own:
                    with socket.socket(fileno=os.dup(int(name))) as copy:
                        found[link] = _address(copy.getpeername())
    return found


def _of_databases() -> Iterator[int]:
    for connection in connections.all(initialized_only=True):
        raw: Any = connection.connection
        with suppress(Exception):
            yield raw.fileno()


def _digest(texts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(texts).encode(errors="replace")).hexdigest()


def _address(peer: Any) -> str:
    return ":".join(map(str, peer[:2])) if isinstance(peer, tuple) else str(peer or "a process")


TRACES: Mapping[str, Callable[[], Trace]] = {
    "rows": rows,
    "cache key": cache_keys,
    "file": files,
    "thread": threads,
    "setting": changed_settings,
    "variable": variables,
    "directory": directory,
    "connection": open_connections,
}
