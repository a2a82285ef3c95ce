"""Values kept in Django's caches: a test may find what an earlier one had computed.

What ran between a look-up in vain and the setting of the same key made the value; a later test that
finds it depends on that too. A key has no state of its own, so there is no fingerprint.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.cache import CacheHandler, caches
from django.core.cache.backends.base import BaseCache

from cdds_django.impact.recording.patching import wrap
from cdds_django.impact.records import CACHED, Dependency
from cdds_django.impact.sources.base import Project

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

_MISSING = object()


class Caches:
    kind = CACHED

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        watched: list[BaseCache] = []

        def create_connection(original: Any, handler: CacheHandler, alias: str) -> Any:
            cache = original(handler, alias)
            _watch(cache, alias, recorder)
            watched.append(cache)
            return cache

        for alias in caches:
            if cache := getattr(caches._connections, alias, None):  # type: ignore[attr-defined]
                _watch(cache, alias, recorder)
                watched.append(cache)
        unwrap = wrap(CacheHandler, "create_connection", create_connection)

        def end() -> None:
            unwrap()
            for cache in watched:
                for name in ("get", "set", "add"):
                    vars(cache).pop(name, None)

        return end

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return dict.fromkeys(keys, "")


def _watch(cache: Any, alias: str, recorder: Recorder) -> None:
    get, set_, add = cache.get, cache.set, cache.add

    def owner(key: Any, version: int | None) -> Dependency:
        return Dependency(CACHED, f"{alias} {cache.make_key(key, version=version)}")

    def watched_get(key: Any, default: Any = None, version: int | None = None) -> Any:
        found = get(key, _MISSING, version)
        if found is _MISSING:
            recorder.begin_filling(owner(key, version))
            return default
        recorder.note(*owner(key, version))
        return found

    def watched_set(key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        recorder.end_filling(owner(key, kwargs.get("version", args[1] if args[1:] else None)))
        return set_(key, value, *args, **kwargs)

    def watched_add(key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        recorder.end_filling(owner(key, kwargs.get("version", args[1] if args[1:] else None)))
        return add(key, value, *args, **kwargs)

    cache.get, cache.set, cache.add = watched_get, watched_set, watched_add
