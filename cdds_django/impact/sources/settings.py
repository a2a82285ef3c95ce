"""Django's settings, each with a digest of its value, wherever that comes from.

A test depends on the settings that it reads, be it through Django. What a library keeps for all
tests is every test's. A name that is asked for in vain counts as well, as absent.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path, PurePath
from types import FrameType, FunctionType
from typing import TYPE_CHECKING, Any

from django.conf import LazySettings, settings

from cdds_django.impact.code.tree import digest
from cdds_django.impact.recording.patching import all_of, replace, wrap
from cdds_django.impact.records import Dependency
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.callers import Readers

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

# The runner's own and the test environment's, which tests don't see as the project sets them.
_IGNORED = frozenset({"CDDS", "TEST_RUNNER"})
_NOT_HELD = object()
_ADDRESS = re.compile(r"0x[0-9a-f]+")

# What Django reads once and keeps, by its own list of what `override_settings` has to undo
# (django/test/signals.py), and what its set-up reads. All else it reads anew for each use.
_KEPT_BY_DJANGO = frozenset(
    {"AUTH_USER_MODEL", "CACHES"}
    | {"DATABASES", "DATABASE_ROUTERS", "DEFAULT_AUTO_FIELD", "DEFAULT_INDEX_TABLESPACE"}
    | {"DEFAULT_TABLESPACE", "FILE_UPLOAD_DIRECTORY_PERMISSIONS", "FILE_UPLOAD_PERMISSIONS"}
    | {"FIXTURE_DIRS", "FORMAT_MODULE_PATH", "FORM_RENDERER", "INSTALLED_APPS", "LANGUAGES"}
    | {"LANGUAGE_CODE", "LOCALE_PATHS", "LOGGING", "LOGGING_CONFIG", "MEDIA_ROOT", "MEDIA_URL"}
    | {"MIGRATION_MODULES", "PASSWORD_HASHERS", "ROOT_URLCONF", "SERIALIZATION_MODULES"}
    | {"STATICFILES_DIRS", "STATICFILES_FINDERS", "STATIC_ROOT", "STATIC_URL", "STORAGES"}
    | {"DATETIME_FORMAT", "DATETIME_INPUT_FORMATS", "DATE_FORMAT", "DATE_INPUT_FORMATS"}
    | {"DECIMAL_SEPARATOR", "DEFAULT_EXCEPTION_REPORTER", "DEFAULT_EXCEPTION_REPORTER_FILTER"}
    | {"FIRST_DAY_OF_WEEK", "MONTH_DAY_FORMAT", "NUMBER_GROUPING", "SHORT_DATETIME_FORMAT"}
    | {"SHORT_DATE_FORMAT", "THOUSAND_SEPARATOR", "TIME_FORMAT", "TIME_INPUT_FORMATS"}
    | {
        "TEMPLATES",
        "YEAR_MONTH_FORMAT",
        "TIME_ZONE",
        "USE_I18N",
        "USE_L10N",
        "USE_THOUSAND_SEPARATOR",
        "USE_TZ",
    }
)


class Settings:
    kind = "setting"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return _Watch(recorder).begin()

    def shared(self, project: Project) -> Iterable[str]:
        return [name for name in _KEPT_BY_DJANGO if hasattr(settings, name)]

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        places = _places(project.tree.root)
        return {key: _fingerprint(key, places) for key in keys}


def value_of(name: str) -> Any:
    """Return a setting's value, or None, without being seen as a reader or hiding one to come."""
    return getattr(getattr(settings, "_wrapped"), name, None)  # noqa: B009


class _Watch:
    """Hears of each setting's first reading in a scope.

    Django keeps values in the object's dict, where nobody hears of them. They are taken out when a
    scope begins, all but those that every test depends on by now. What was taken out is what the
    next reading gives, as long as nobody sets or overrides anything: to find a value anew takes
    Django longer than all that is done here.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._readers = Readers(recorder.tree.holds_code)
        self._noted: dict[int, dict[str, Dependency]] = {}
        """What a reading means that concerns the present scope alone, by the id of the code that
        reads, which `_readers` keeps, and by the setting's name."""
        self._heard: set[str] = set()
        """Names whose values Django holds, and has to lose when a scope begins."""
        self._of_all: set[str] = set()
        """Those that it may hold till what was seen is handed over."""
        self._own: Any = None
        self._values: dict[str, Any] = {}
        """What Django held, of the settings that aren't overridden."""

    def begin(self) -> Callable[[], None]:
        original: Any = vars(LazySettings)["__getattr__"]
        noted, heard, values = self._noted, self._heard, self._values
        note, take = self._recorder.note_one, self._take
        # Asking the object itself takes as long as all the rest.
        held = vars(settings)
        own = self._own = held.get("_wrapped")

        # Called some fifty times in a test, so with nothing in between.
        @functools.wraps(original)
        def read(lazy: LazySettings, name: str) -> Any:
            known = noted.get(id(sys._getframe(1).f_code))
            if known is not None and name in known:
                note(known[name])
                holding = heard
            elif name.isupper() and name not in _IGNORED:
                holding = take(name, sys._getframe(1))
            else:
                return original(lazy, name)
            if name in values and held.get("_wrapped") is own and lazy is settings:
                value = held[name] = values[name]
            else:
                value = original(lazy, name)
            # Only now: another thread may begin a scope in between, and would find nothing held.
            holding.add(name)
            return value

        self._heard |= {name for name in held if name.isupper()}
        self._forget()
        self._recorder.on_new_scope(self._forget)
        self._recorder.on_hand_over(self._forget_all)
        return all_of(
            [
                replace(LazySettings, "__getattr__", read),
                wrap(LazySettings, "__setattr__", self._lose),
                wrap(LazySettings, "__delattr__", self._lose),
            ]
        )

    def _lose(self, original: Any, lazy: LazySettings, name: str, *value: Any) -> None:
        self._values.pop(name, None)
        original(lazy, name, *value)

    def _take(self, name: str, frame: FrameType) -> set[str]:
        """Note a reading; return what the name has to be added to."""
        reader = self._readers.of(frame)
        if reader is None or (reader.startswith("django/") and name not in _KEPT_BY_DJANGO):
            dependency = Dependency("setting", name)
            if self._readers.knows(frame.f_code):
                self._noted.setdefault(id(frame.f_code), {})[name] = dependency
            self._recorder.note_one(dependency)
            return self._heard
        # Any other library may keep what it reads for whoever asks later.
        return self._of_all if self._recorder.note_shared("setting", name) else self._heard

    def _forget(self) -> None:
        held, heard, of_all = vars(settings), self._heard, self._of_all
        is_own = held.get("_wrapped") is self._own
        for name in tuple(heard):
            # In this order: other threads go on reading.
            heard.discard(name)
            value = held.pop(name, _NOT_HELD) if name not in of_all else _NOT_HELD
            if is_own and value is not _NOT_HELD:
                self._values[name] = value

    def _forget_all(self) -> None:
        self._heard.update(tuple(self._of_all))
        self._of_all.clear()
        self._forget()


def _places(root: Path) -> dict[str, str]:
    """Return stand-ins for the absolute paths that differ between checkouts.

    A project may lie below the top of its repository, and name what lies beside it.
    """
    top = next((place for place in (root, *root.parents) if (place / ".git").exists()), root)
    return {str(root): "<root>", str(top): "<top>"}


def _fingerprint(name: str, places: Mapping[str, str]) -> str:
    try:
        value = getattr(settings, name)
    except AttributeError:
        return "absent"
    text = plain(value)
    for place, stand_in in places.items():
        text = text.replace(place, stand_in)
    return digest(text.encode("utf-8", "surrogatepass"))


def plain(value: Any) -> str:
    """Write a value so that equal values of different processes are written alike."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(sorted(f'{plain(k)}: {plain(v)}' for k, v in value.items()))}}}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(plain, value)))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(plain, value))}]"
    if isinstance(value, FunctionType | type):
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, str | bytes | int | float | bool | PurePath) or value is None:
        return repr(value)
    return f"{type(value).__qualname__}({_ADDRESS.sub('', repr(value))})"
