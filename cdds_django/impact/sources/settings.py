"""Django's settings, each with a digest of its value, wherever that comes from.

A settings module is code like any other; this sees what environment variables and files outside
the project put into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path, PurePath
from types import FunctionType
from typing import Any

from django.conf import settings

from cdds_django.impact.recorder import Recorder
from cdds_django.impact.sources.base import Project, watch_nothing
from cdds_django.impact.tree import digest

# The runner's own and the test environment's, which tests don't see as the project sets them.
_IGNORED = frozenset({"CDDS", "TEST_RUNNER"})
_ADDRESS = re.compile(r"0x[0-9a-f]+")


class Settings:
    kind = "setting"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return watch_nothing

    def shared(self, project: Project) -> Iterable[str]:
        return [name for name in dir(settings) if name.isupper() and name not in _IGNORED]

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        places = _places(project.tree.root)
        return {key: _fingerprint(key, places) for key in keys}


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
