"""Caches that a worker shares with nobody, and that are empty when it begins and when it ends.

Databases of workers give out the same ids, so keys made from ids would mix their data. What an
earlier run left in a cache is a known cause of failures in the next one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.test.utils import override_settings

from cdds_django.runner.isolation.own_keys import clearing_own_keys, is_on_server


def isolate_caches(stack: ExitStack, batch: str, directory: Path) -> None:
    """Give this process keys of its own in all of CACHES until `stack` is closed.

    That goes for sessions kept in a cache too.
    """
    taken = _existing()
    own = {alias: _own_cache(c, batch, directory) for alias, c in settings.CACHES.items()}
    override = override_settings(CACHES=own)
    override.enable()
    stack.callback(override.disable)
    for alias, cache in taken.items():
        _redirect(stack, cache, caches[alias])
    # Undone first, while these are still the caches.
    stack.callback(_empty)


def empty_caches_of(batch: str, *, directory: Path) -> None:
    """Remove what a worker that did not end by itself left in caches on servers."""
    own = {alias: _own_cache(c, batch, directory) for alias, c in settings.CACHES.items()}
    with override_settings(CACHES=own):
        for alias, config in own.items():
            if is_on_server(config["BACKEND"]):
                # A server that can't be reached wasn't used by the worker either.
                with suppress(Exception):
                    caches[alias].clear()


def _own_cache(config: Mapping[str, Any], batch: str, directory: Path) -> dict[str, Any]:
    own = dict(config)
    backend = str(config.get("BACKEND", ""))
    own["KEY_PREFIX"] = f"{batch}:{config.get('KEY_PREFIX', '')}"
    if backend.endswith("FileBasedCache"):
        own["LOCATION"] = tempfile.mkdtemp(prefix="cache-", dir=directory)
    elif backend.endswith("LocMemCache"):
        own["LOCATION"] = f"{batch}:{config.get('LOCATION', '')}"
    else:
        own["BACKEND"] = clearing_own_keys(backend)
    return own


def _existing() -> dict[str, BaseCache]:
    """Return the caches that have been made in this thread, which modules may have kept."""
    found = {}
    for alias in settings.CACHES:
        with suppress(AttributeError):
            found[alias] = getattr(caches._connections, alias)  # type: ignore[attr-defined]
    return found


def _redirect(stack: ExitStack, taken: Any, own: Any) -> None:
    """Have a cache object that somebody kept (`cache = caches["default"]`) be the worker's own."""
    before = (taken.__class__, taken.__dict__)
    with suppress(TypeError):  # Where a class defines slots, it stays as it is.
        taken.__class__ = own.__class__
        taken.__dict__ = own.__dict__

        def restore() -> None:
            taken.__class__, taken.__dict__ = before

        stack.callback(restore)


def _empty() -> None:
    """Leave nothing behind for the next run to read."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
