"""What every test depends on without running it: Python, installed packages, the platform."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from cdds_django import __version__
from cdds_django.impact.code.tree import digest
from cdds_django.impact.sources.base import Project, watch_nothing

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

_INSTALLED_SUFFIXES = (".dist-info", ".egg-info", ".egg-link", ".pth")


class Environment:
    kind = "environment"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return watch_nothing

    def shared(self, project: Project) -> Iterable[str]:
        return _STATES

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return {key: _STATES[key]() if key in _STATES else "" for key in keys}


def _installed_packages() -> str:
    """Return a digest of the metadata directories' names, which bear name and version.

    Asking `importlib.metadata` would open every one of them.
    """
    names: set[str] = set()
    for place in sys.path:
        try:
            entries = os.listdir(place or ".")
        except OSError:
            continue
        names.update(entry for entry in entries if entry.endswith(_INSTALLED_SUFFIXES))
    # This package's own metadata tells nothing that its version doesn't.
    kept = sorted(name for name in names if "cdds_django" not in name)
    return digest("\0".join(kept).encode())


_STATES: Mapping[str, Callable[[], str]] = {
    "python": lambda: f"{platform.python_implementation()} {platform.python_version()}",
    "platform": lambda: f"{sys.platform} {platform.machine()}",
    "installed packages": _installed_packages,
    "cdds_django": lambda: __version__,
}
