"""Cache backends whose `clear()` removes only the keys under their own KEY_PREFIX.

Redis answers `clear()` with FLUSHDB, which empties what all other workers, and other runs, keep
there. Each class here derives from the project's own backend and changes that one method.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.utils.module_loading import import_string


def clearing_own_keys(backend: str) -> str:
    """Return the dotted path of a class like `backend` that spares others' keys in `clear()`.

    A backend that this module doesn't know is returned as it is.
    """
    cls = import_string(backend)
    if issubclass(cls, RedisCache):
        return _publish(backend, (_OwnRedisKeys, cls))
    if cls.__module__.startswith("django_redis."):
        return _publish(backend, (_OwnDjangoRedisKeys, cls))
    if issubclass(cls, DatabaseCache):
        return backend  # Its table is in the worker's own database.
    return backend


def is_on_server(backend: str) -> bool:
    """Whether `backend`, as `clearing_own_keys` returned it, keeps values on a server."""
    return backend.startswith(f"{__name__}.")


def _publish(backend: str, bases: tuple[type, ...]) -> str:
    """Make the class importable, since CACHES names classes by their path."""
    name = f"Own_{backend.replace('.', '_')}"
    globals().setdefault(name, type(name, bases, {"__module__": __name__}))
    return f"{__name__}.{name}"


class _OwnRedisKeys:
    """For Django's Redis backend."""

    def clear(self: Any) -> bool:
        client = self._cache.get_client(None, write=True)
        pattern = _escaped(self.make_key("", version="")).rstrip(":") + "*"
        keys = list(client.scan_iter(match=pattern, count=1000))
        if keys:
            client.delete(*keys)
        return True


class _OwnDjangoRedisKeys:
    """For django-redis."""

    def clear(self: Any) -> bool:
        self.delete_pattern("*")
        return True


def _escaped(text: str) -> str:
    """Escape what Redis's glob patterns give a meaning (https://redis.io/commands/keys/)."""
    return "".join(f"\\{letter}" if letter in "*?[]\\^" else letter for letter in text)
