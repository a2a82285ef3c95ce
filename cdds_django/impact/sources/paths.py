"""Paths that were looked up among URL patterns, each with what it led to.

A test depends on what its paths lead to, not on the patterns' text: a pattern added before the one
that matched takes its place, and one that was looked for in vain may come into being. What a path
leads to is noted as well, as the symbols behind it, so that their change is seen.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import Resolver404, get_resolver
from django.urls.resolvers import RegexPattern, ResolverMatch, URLResolver
from django.utils import translation

from cdds_django.impact.code.callbacks import Callback, describe
from cdds_django.impact.code.tree import ABSENT, digest
from cdds_django.impact.recording.patching import replace
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.settings import value_of

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

_TOKEN = re.compile(r"(?=[^/]*\d)[^/]{16,}")
_VERSION = re.compile(
    r"(?<![^/])(?:[A-Za-z]{1,3}\d{1,2}(?:\.\d{1,2})*|\d{1,2}(?:\.\d{1,2})+)(?![^/])"
)
_ZEROS = str.maketrans("123456789", "000000000")
_MAX_LENGTH = 300

# What was found behind each view before it first ran: REST framework's views add to themselves
# then. Keeping the view keeps its id from being given to another.
_CALLBACKS: dict[int, tuple[Any, Callback]] = {}


class Paths:
    kind = "path"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return _Watch(recorder).begin()

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        lookup = Lookup(project.tree.key) if keys else None
        return {key: lookup.fingerprint(key) for key in keys} if lookup else {}


class Lookup:
    """Looks paths up, and remembers what is behind a view."""

    def __init__(self, key_of: Callable[[str], str | None]) -> None:
        self._key_of = key_of

    def fingerprint(self, key: str) -> str:
        """Return what a recorded path leads to now."""
        urlconf, language, path = key.split("|", 2)
        try:
            with translation.override(language or value_of("LANGUAGE_CODE")):
                match = get_resolver(urlconf or None).resolve(path)
        except (Resolver404, ImportError, AttributeError):
            return ABSENT  # Also where there is no URL configuration any more.
        return self.of_match(match)

    def of_match(self, match: ResolverMatch) -> str:
        """Return a digest of all that a match says, but for its arguments."""
        # With the arguments that the pattern itself gives the view.
        captured = getattr(match, "captured_kwargs", None) or {}
        given = sorted(str(item) for item in match.kwargs.items() if item[0] not in captured)
        names = [match.route, match.view_name or "", *match.app_names, *given]
        return digest("\0".join([*names, self.callback(match).description]).encode())

    def callback(self, match: ResolverMatch) -> Callback:
        """Return what is behind a match's view."""
        view = match.func
        known = _CALLBACKS.get(id(view))
        if known is None or known[0] is not view:
            known = _CALLBACKS[id(view)] = (view, describe(view, self._key_of))
        return known[1]


class _Watch:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._lookup = Lookup(recorder.tree.key)
        self._known: dict[tuple[str, str, str], str] = {}

    def begin(self) -> Callable[[], None]:
        original: Any = vars(URLResolver)["resolve"]

        @functools.wraps(original)
        def resolve(resolver: URLResolver, path: Any) -> Any:
            # Included resolvers are asked one after the other, for each request.
            if not _is_root(resolver):
                return original(resolver, path)
            try:
                match = original(resolver, path)
            except Resolver404:
                self._recorder.note("path", self._key(resolver, str(path)[:_MAX_LENGTH]))
                raise
            self._note_match(resolver, str(path), match)
            return match

        return replace(URLResolver, "resolve", resolve)

    def _note_match(self, resolver: URLResolver, path: str, match: ResolverMatch) -> None:
        if match.kwargs or match.args:
            path = self._general(resolver, path, match)
        self._recorder.note("path", self._key(resolver, path[:_MAX_LENGTH]))
        for symbol in self._lookup.callback(match).symbols:
            self._recorder.note("symbol", symbol)

    def _key(self, resolver: URLResolver, path: str) -> str:
        name = resolver.urlconf_name
        urlconf = name if isinstance(name, str) and name != value_of("ROOT_URLCONF") else ""
        language = translation.get_language() or ""
        return f"{urlconf}|{'' if language == value_of('LANGUAGE_CODE') else language}|{path}"

    def _general(self, resolver: URLResolver, path: str, match: ResolverMatch) -> str:
        """Return a path that stands for all that differ in their arguments only.

        Ids differ from test to test and would make each a path of its own.
        """
        known = (str(resolver.urlconf_name), match.route, _shape(path))
        return self._known.setdefault(known, path)


def _is_root(resolver: URLResolver) -> bool:
    return isinstance(resolver.pattern, RegexPattern) and str(resolver.pattern) == "^/"


def _shape(path: str) -> str:
    """Return a path with its numbers made alike, digit by digit, and tokens and UUIDs.

    A part like `v2` or `1.1` stays as it is: it is a version rather than an id, and a route may be
    added for it alone.
    """
    shape = _TOKEN.sub("<token>", path)
    return "|".join([shape.translate(_ZEROS), *_VERSION.findall(shape)])
