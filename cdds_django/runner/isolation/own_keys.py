"""Cache backends whose `clear()` removes only the keys under their own KEY_PREFIX.

Redis answers `clear()` with FLUSHDB, which empties what all other workers, and other runs, keep
there. Each class here derives from the project's own backend and changes that one method.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.redis import RedisCache
from django.utils.module_loading import import_string


def clearing_own_keys(backend: str) -> str:
    """Return the dotted path of a class like `backend` that spares others' keys in `clear()`.

    A backend that this module doesn't know is returned as it is.
    """
    cls = import_string(backend)
    if issubclass(cls, RedisCache):
        return _publish(backend, (_OwnRedisKeys, cls))
    if any(base.__module__.startswith("django_redis.") for base in cls.__mro__):
        return _publish(backend, (_OwnDjangoRedisKeys, cls))
    return backend  # As the database's: its table is in the worker's own database.


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
        _delete_own(self._cache.get_client(None, write=True), self.key_prefix)
        return True


class _OwnDjangoRedisKeys:
    """For django-redis."""

    def clear(self: Any) -> bool:
        try:
            _delete_own(self.client.get_client(write=True), self.key_prefix)
        except Exception:
            # Its option DJANGO_REDIS_IGNORE_EXCEPTIONS or IGNORE_EXCEPTIONS.
            if not getattr(self, "_ignore_exceptions", False):
                raise
            return False
        return True


def _delete_own(client: Any, prefix: str) -> None:
    """Delete all keys that hold `prefix`, of whatever version, wherever a KEY_FUNCTION puts it."""
    keys: list[bytes] = list(client.scan_iter(match=f"*{_escaped(prefix)}*", count=_AT_ONCE))
    for start in range(0, len(keys), _AT_ONCE):
        client.delete(*keys[start : start + _AT_ONCE])


_AT_ONCE = 1000


def _escaped(text: str) -> str:
    """Escape what Redis's glob patterns give a meaning (https://redis.io/commands/keys/)."""
    return "".join(f"\\{letter}" if letter in "*?[]\\^" else letter for letter in text)
