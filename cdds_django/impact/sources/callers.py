"""On whose behalf something is read, as the stack of calls tells."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FrameType


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
