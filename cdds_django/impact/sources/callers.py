"""On whose behalf something is read, as the stack of calls tells."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from types import CodeType, FrameType

from cdds_django.files import PACKAGE


def installed_reader(frame: FrameType | None, is_first_party: Callable[[str], bool]) -> str | None:
    """Return the file of the installed package that reads, or None where first-party code does.

    The file is given from below the directory of installed packages. The standard library is looked
    through: `json.load` reads on somebody's behalf. `is_first_party` takes a file name.
    """
    while frame is not None:
        file = frame.f_code.co_filename
        if is_first_party(file):
            return None
        if inner := _inside_package(file):
            return inner
        frame = frame.f_back
    return None


_OWN = f"{PACKAGE}{os.sep}"


def is_own(frame: FrameType | None, is_first_party: Callable[[str], bool]) -> bool:
    """Whether this package reads for itself, be it through the standard library."""
    while frame is not None:
        file = frame.f_code.co_filename
        if is_first_party(file):
            return False
        if file.startswith(_OWN):
            return True
        if _inside_package(file):
            return False
        frame = frame.f_back
    return False


# They show lines of source in reports of errors, count lines, or watch for edits.
_SHOW_SOURCE = (
    *("IPython/", "_pydevd", "_pytest/", "coverage/", "debugpy/", "django/utils/"),
    *("django/views/debug.py", "executing/", "pydevd", "pytest", "rich/", "sentry_sdk/"),
    *("stack_data/", "werkzeug/debug/"),
)


def reads_source(frame: FrameType | None, is_first_party: Callable[[str], bool]) -> bool:
    """Whether a file of Python is opened as a text: not to import it, nor to show lines of it."""
    while frame is not None:
        file = frame.f_code.co_filename
        if is_first_party(file):
            return True
        if file.startswith(("<frozen importlib", _OWN)) or file.endswith("linecache.py"):
            return False
        if inner := _inside_package(file):
            return not inner.startswith(_SHOW_SOURCE)
        frame = frame.f_back
    return False


class Readers:
    """`installed_reader`, with what is known of code that reads often."""

    def __init__(self, is_first_party: Callable[[str], bool]) -> None:
        self._is_first_party = is_first_party
        self._known: dict[int, tuple[CodeType, str | None]] = {}
        """By the id of code that is itself of the project or of a package; it is kept for its id
        not to be given to other code."""

    def of(self, frame: FrameType) -> str | None:
        """Return what `installed_reader` does."""
        code = frame.f_code
        known = self._known.get(id(code))
        if known is not None:
            return known[1]
        reader = installed_reader(frame, self._is_first_party)
        if self._is_first_party(code.co_filename) or _inside_package(code.co_filename):
            self._known[id(code)] = (code, reader)
        return reader

    def knows(self, code: CodeType) -> bool:
        """Whether the answer depends on this code alone. Its id is its own then."""
        return id(code) in self._known


@functools.lru_cache(maxsize=10_000)
def _inside_package(file: str) -> str:
    _, separator, inner = file.rpartition("-packages/")
    return inner if separator else ""


# Django's own readers that read anew for each caller, so that the reader is whom it concerns.
_READERS_PER_CALL = (
    "django/core/files/",
    "django/core/management/",
    "django/core/serializers/",
    "django/views/",
    "django/http/",
    "django/contrib/staticfiles/",
    "django/test/",
)


def reads_per_call(reader: str | None) -> bool:
    """Whether what was read concerns the present test alone, given `installed_reader`'s answer.

    Any other library may keep what it reads for whoever asks later.
    """
    return reader is None or reader.startswith(_READERS_PER_CALL)
