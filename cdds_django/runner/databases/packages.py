"""Installed packages: their versions, and which of them this process has loaded.

`importlib.metadata` would tell, too, but reads and checks all that there is of each, which takes
longer than making a small database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_KINDS = ("dist-info", "egg-info")


def installed_versions() -> dict[str, str]:
    """Return the versions of installed packages, from the names of their metadata directories."""
    return {name: version for name, version, *_ in _installed()}


def packages_in_use() -> list[tuple[str, str]]:
    """Return the installed packages that modules were loaded from, with their versions."""
    loaded = {name.partition(".")[0] for name in list(sys.modules)}
    found = {
        name: version
        for name, version, place, entry in _installed()
        if not loaded.isdisjoint(_top_names(Path(place, entry)))
    }
    return sorted(found.items())


def _installed() -> Iterator[tuple[str, str, str, str]]:
    """Yield name, version, and where on the path its metadata lie and under which name."""
    # What comes first on the path is what is imported; it is yielded last.
    for place in reversed(sys.path):
        try:
            entries = os.listdir(place or ".")
        except OSError:
            continue
        for entry in sorted(entries):
            stem, _, kind = entry.rpartition(".")
            if kind in _KINDS:
                name, _, version = stem.partition("-")
                yield name.lower().replace(".", "_"), version, place, entry


def _top_names(directory: Path) -> set[str]:
    """Return the names at the top of what a package provides."""
    with suppress(OSError):
        return set((directory / "top_level.txt").read_text(encoding="utf-8").split())
    names: set[str] = set()
    with suppress(OSError):
        for line in (directory / "RECORD").read_text(encoding="utf-8").splitlines():
            first, _, rest = line.partition("/")
            names.add(first if rest else first.partition(".")[0])
    return names
