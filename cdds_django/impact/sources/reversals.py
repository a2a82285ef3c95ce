"""Names of URL patterns that were reversed, each with the patterns that bear it.

A name in a namespace counts by its last part: all patterns of that name, wherever they are.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from cdds_django.impact.code.tree import ABSENT, digest
from cdds_django.impact.recording.patching import replace
from cdds_django.impact.sources.base import Project

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder


class Reversals:
    kind = "reversal"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        original: Any = vars(URLResolver)["_reverse_with_prefix"]

        @functools.wraps(original)
        def reverse(resolver: URLResolver, lookup_view: Any, *args: Any, **kwargs: Any) -> Any:
            recorder.note("reversal", _key(lookup_view))
            return original(resolver, lookup_view, *args, **kwargs)

        return replace(URLResolver, "_reverse_with_prefix", reverse)

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        if not keys or not hasattr(settings, "ROOT_URLCONF"):
            return dict.fromkeys(keys, ABSENT)
        patterns: dict[str, list[str]] = defaultdict(list)
        for key, text in _patterns(get_resolver(), ""):
            patterns[key].append(text)
        return {
            key: digest("\0".join(patterns[key]).encode()) if key in patterns else ABSENT
            for key in keys
        }


def _key(lookup_view: Any) -> str:
    if isinstance(lookup_view, str):
        return lookup_view.rpartition(":")[2]
    return f"{lookup_view.__module__}.{getattr(lookup_view, '__qualname__', '')}"


def _patterns(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    """Yield each pattern's name and its callback's, with the whole text of its path."""
    for pattern in resolver.url_patterns:
        text = f"{before} {pattern.pattern!s} {sorted(pattern.pattern.converters)}"
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, f"{text} {pattern.namespace} {pattern.app_name}")
        elif isinstance(pattern, URLPattern):
            if pattern.name:
                yield pattern.name, text
            yield _key(pattern.callback), text
