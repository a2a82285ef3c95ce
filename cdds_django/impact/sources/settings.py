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
from types import FrameType, FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import LazySettings, UserSettingsHolder, settings
from django.conf import Settings as DjangoSettings
from django.utils.functional import LazyObject

from cdds_django.impact.code.tree import digest
from cdds_django.impact.recording.patching import put
from cdds_django.impact.records import Dependency
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.callers import Readers

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

# The runner's own and the test environment's, which tests don't see as the project sets them.
_IGNORED = frozenset({"CDDS", "TEST_RUNNER"})
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
        return {key: _fingerprint(key, project.settings, places) for key in keys}


def as_set() -> object:
    """Return an object that keeps the values that settings have now, whoever changes them later.

    The environment of a test run does: DEBUG, ALLOWED_HOSTS, what a project's runner sets.
    """
    wrapped = getattr(settings, "_wrapped")  # noqa: B009
    if type(wrapped) not in (DjangoSettings, UserSettingsHolder):
        return settings  # A library's own, which may look up values as they are asked for.
    return SimpleNamespace(**{n: getattr(wrapped, n) for n in dir(wrapped) if n.isupper()})


def value_of(name: str) -> Any:
    """Return a setting's value, or None, without being seen as a reader or hiding one to come."""
    return getattr(getattr(settings, "_wrapped"), name, None)  # noqa: B009


class _Watch:
    """Hears of each setting's first reading in a scope.

    Django's object looks attributes up in Python, some two hundred times in a test. What does so
    here in its place takes no longer for what was heard already.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._readers = Readers(recorder.tree.holds_code)
        self._noted: dict[int, dict[str, Dependency]] = {}
        """What a reading means that concerns the present scope alone, by the id of the code that
        reads, which `_readers` keeps, and by the setting's name."""
        self._of_all: set[str] = set(_IGNORED)
        """Names that aren't listened for till what was seen is handed over."""
        self._heard: set[str] = set()
        """Names that aren't listened for in the present scope."""

    def begin(self) -> Callable[[], None]:
        original: Any = LazySettings.__getattribute__
        # Django's differs from Python's for special methods only. Anybody else's may for all.
        is_djangos = original is LazyObject.__getattribute__
        look_up = object.__getattribute__ if is_djangos else original
        heard, hear = self._heard, self._hear
        # Asking a name whether it is upper-case takes as long as all the rest.
        known: set[str] = set()

        # Called for every reading of a setting, so with nothing in between.
        @functools.wraps(original)
        def getattribute(lazy: LazySettings, name: str) -> Any:
            if name not in heard:
                if name not in known:
                    if not name.isupper():
                        return original(lazy, name)
                    known.add(name)
                hear(name, sys._getframe(1))
            return look_up(lazy, name)

        self._forget()
        self._recorder.on_new_scope(self._forget)
        self._recorder.on_hand_over(self._forget_all)
        return put(LazySettings, "__getattribute__", getattribute)

    def _hear(self, name: str, frame: FrameType) -> None:
        # First of all: another thread may begin a scope at any time, and has to hear of it again.
        self._heard.add(name)
        known = self._noted.get(id(frame.f_code))
        if known is not None and name in known:
            self._recorder.note_one(known[name])
            return
        reader = self._readers.of(frame)
        if reader is None or (reader.startswith("django/") and name not in _KEPT_BY_DJANGO):
            dependency = Dependency("setting", name)
            if self._readers.knows(frame.f_code):
                self._noted.setdefault(id(frame.f_code), {})[name] = dependency
            self._recorder.note_one(dependency)
        # Any other library may keep what it reads for whoever asks later.
        elif self._recorder.note_shared("setting", name):
            self._of_all.add(name)

    def _forget(self) -> None:
        self._heard.clear()
        self._heard.update(self._of_all)

    def _forget_all(self) -> None:
        self._of_all = set(_IGNORED)
        self._forget()


def _places(root: Path) -> dict[str, str]:
    """Return stand-ins for the absolute paths that differ between checkouts.

    A project may lie below the top of its repository, and name what lies beside it.
    """
    top = next((place for place in (root, *root.parents) if (place / ".git").exists()), root)
    return {str(root): "<root>", str(top): "<top>"}


def _fingerprint(name: str, values: object, places: Mapping[str, str]) -> str:
    try:
        value = getattr(values, name)
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
