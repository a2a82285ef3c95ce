"""First-party symbols that a test used through a library, where no function of the project names
them: views behind URLs (noted by `paths.py`), template libraries that were loaded, and all views
where the URL configuration was enumerated.

The symbols' definitions are code, and their change is followed through the graph to these rows; so
they have no fingerprint of their own.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth import password_validation
from django.template import defaulttags

from cdds_django.impact.recording.patching import all_of, wrap
from cdds_django.impact.records import EVERY_VIEW, Dependencies, Dependency
from cdds_django.impact.sources.base import Project

if TYPE_CHECKING:
    from cdds_django.impact.code.tree import SourceTree
    from cdds_django.impact.recording.recorder import Recorder


class Uses:
    kind = "symbol"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return all_of(
            [
                _watch_libraries(recorder),
                _watch_password_validators(recorder),
                *_watch_enumerators(recorder),
            ]
        )

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return dict.fromkeys(keys, "")


def _watch_libraries(recorder: Recorder) -> Callable[[], None]:
    """Note what `{% load %}` finds, which happens while a template is compiled."""
    original = defaulttags.find_library
    known: dict[int, tuple[list[Any], Dependencies]] = {}
    """What was registered with each library, by its id, and which modules that came from."""

    def find_library(parser: Any, name: str) -> Any:
        library = original(parser, name)
        registered = [*library.tags.values(), *library.filters.values()]
        found = known.get(id(library))
        if found is None or found[0] != registered:
            symbols = frozenset(_registrars(registered, recorder.tree))
            found = known[id(library)] = (registered, symbols)
        recorder.note_all(found[1])
        return library

    defaulttags.find_library = find_library

    def end() -> None:
        defaulttags.find_library = original

    return end


def _registrars(registered: Iterable[Any], tree: SourceTree) -> Iterator[Dependency]:
    """Yield the first-party modules that something registered with a library comes from."""
    for place in registered:
        code = getattr(inspect.unwrap(place), "__code__", None)
        if (key := tree.key(getattr(code, "co_filename", ""))) is not None:
            yield Dependency("symbol", f"{key}::register")


def _watch_enumerators(recorder: Recorder) -> list[Callable[[], None]]:
    """Note that a schema is generated of all views."""
    if "rest_framework" not in sys.modules:
        return []
    module = importlib.import_module("rest_framework.schemas.generators")

    def enumerate_all(original: Any, enumerator: Any, *args: Any, **kwargs: Any) -> None:
        recorder.note("symbol", EVERY_VIEW)
        original(enumerator, *args, **kwargs)

    return [wrap(module.EndpointEnumerator, "__init__", enumerate_all)]


def _watch_password_validators(recorder: Recorder) -> Callable[[], None]:
    """Note who has passwords validated: Django reads the setting once."""
    original = password_validation.get_default_password_validators

    def get_default_password_validators() -> Any:
        recorder.note("setting", "AUTH_PASSWORD_VALIDATORS")
        return original()

    # What `override_settings` does to the original goes on.
    get_default_password_validators.cache_clear = original.cache_clear  # type: ignore[attr-defined]
    password_validation.get_default_password_validators = get_default_password_validators

    def end() -> None:
        password_validation.get_default_password_validators = original

    return end
