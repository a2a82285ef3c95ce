"""Cache backends whose `clear()` removes only the keys under their own KEY_PREFIX.

Redis answers `clear()` with FLUSHDB and memcached with flush_all; either empties what all other
workers, and other runs, keep there. Each class here derives from the project's own backend.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.cache.backends.memcached import BaseMemcachedCache
from django.core.cache.backends.redis import RedisCache
from django.utils.module_loading import import_string


def clearing_own_keys(backend: str) -> str:
    """Return the dotted path of a class like `backend` that spares others' keys in `clear()`.

    A backend that this module doesn't know is returned as it is.
    """
    cls = import_string(backend)
    for bases, own in _OWN:
        if _derives(cls, bases):
            return _publish(backend, (own, cls))
    return backend  # As the database's: its table is in the worker's own database.


def is_on_server(backend: str) -> bool:
    """Whether `backend`, as `clearing_own_keys` returned it, keeps values on a server."""
    return backend.startswith(f"{__name__}.")


def own_keys(cache: Any) -> list[str]:
    """Return the keys under a cache's own prefix, if it is one of this module's classes."""
    return list(cache.own_keys()) if hasattr(cache, "own_keys") else []


def _derives(cls: type, base: type | str) -> bool:
    """Whether a class derives from `base`, or from anything in the package of that name."""
    if isinstance(base, type):
        return issubclass(cls, base)
    return any(c.__module__.startswith(f"{base}.") for c in cls.__mro__)


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

    def own_keys(self: Any) -> list[str]:
        return _listed(self._cache.get_client(None), self.key_prefix)


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

    def own_keys(self: Any) -> list[str]:
        return _listed(self.client.get_client(), self.key_prefix)


_used: dict[str, set[str]] = defaultdict(set)
"""The keys that this process has used in memcached, by prefix: a server doesn't list them."""


class _OwnMemcachedKeys:
    """For memcached, whatever the client.

    What a worker leaves that was killed stays until it expires; no other run has its prefix.
    """

    def make_and_validate_key(self: Any, key: Any, version: int | None = None) -> str:
        full: str = super().make_and_validate_key(key, version=version)  # type: ignore[misc]
        _used[self.key_prefix].add(full)
        return full

    def clear(self: Any) -> None:
        if keys := _used.pop(self.key_prefix, None):
            self._cache.delete_many(keys)

    def own_keys(self: Any) -> list[str]:
        used = _used[self.key_prefix]
        return sorted(self._cache.get_many(used)) if used else []


_OWN: tuple[tuple[type | str, type], ...] = (
    (RedisCache, _OwnRedisKeys),
    ("django_redis", _OwnDjangoRedisKeys),
    (BaseMemcachedCache, _OwnMemcachedKeys),
)
"""What a project's backend derives from, and what it is mixed with."""


def _delete_own(client: Any, prefix: str) -> None:
    keys = _scanned(client, prefix)
    for start in range(0, len(keys), _AT_ONCE):
        client.delete(*keys[start : start + _AT_ONCE])


def _listed(client: Any, prefix: str) -> list[str]:
    return [key.decode(errors="replace") for key in _scanned(client, prefix)]


def _scanned(client: Any, prefix: str) -> list[bytes]:
    """Return all keys that hold `prefix`, of whatever version, wherever a KEY_FUNCTION puts it."""
    return list(client.scan_iter(match=f"*{_escaped(prefix)}*", count=_AT_ONCE))


_AT_ONCE = 1000


def _escaped(text: str) -> str:
    """Escape what Redis's glob patterns give a meaning (https://redis.io/commands/keys/)."""
    return "".join(f"\\{letter}" if letter in "*?[]\\^" else letter for letter in text)
