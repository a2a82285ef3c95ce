"""The contents of migration packages, third parties' included, as digests.

Whoever has hundreds of them doesn't want them read for every run, so the digest of a directory is
kept together with what `stat` says of its files.
"""

from __future__ import annotations

import importlib.util
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings

from cdds_django.errors import StateFileError
from cdds_django.files import write_text
from cdds_django.impact.tree import digest

_RACY_NS = 2_000_000_000
"""A file written so shortly before may be written once more within the clock's resolution."""


class MigrationFiles:
    """Digests of directories, kept in a file between runs."""

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / "databases" / "digests.json"
        self._kept: dict[str, Any] = {}
        # Without it, files are read again; that is always right.
        with suppress(OSError, ValueError):
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            self._kept = kept if isinstance(kept, dict) else {}
        self._changed = False

    def digest_for(self, config: AppConfig) -> str | None:
        """Return the digest of an app's migrations, None where it has none."""
        directories = _directories(config)
        if directories is None:
            return None
        return digest("\0".join(map(self._digest, directories)).encode())

    def save(self) -> None:
        """Keep what was read for the next run, if there is a place."""
        if self._changed:
            with suppress(StateFileError):
                write_text(self._path, json.dumps(self._kept))

    def _digest(self, directory: str) -> str:
        files = sorted(_files(directory, ""))
        seen = digest("\0".join(f"{name} {size} {ns}" for name, size, ns in files).encode())
        kept = self._kept.get(directory)
        if isinstance(kept, list) and kept[0] == seen:
            return str(kept[1])
        contents = [
            f"{name} {digest(Path(directory, name).read_bytes())}"
            for name, _, _ in files
            if Path(directory, name).exists()
        ]
        found = digest("\0".join(contents).encode())
        newest = max((ns for _, _, ns in files), default=0)
        if newest < time.time_ns() - _RACY_NS:
            self._kept[directory] = [seen, found]
            self._changed = True
        return found


def _directories(config: AppConfig) -> list[str] | None:
    label_modules: dict[str, str | None] = settings.MIGRATION_MODULES
    if config.label not in label_modules:
        directory = os.path.join(config.path, "migrations")
        return [directory] if os.path.isdir(directory) else None
    module = label_modules[config.label]
    if module is None:
        return None
    try:
        spec = importlib.util.find_spec(module)
    except ImportError:
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return places or None


def _files(directory: str, inner: str) -> Iterator[tuple[str, int, int]]:
    """Yield path, size and time of change of every file below, compiled ones left out."""
    try:
        entries = list(os.scandir(os.path.join(directory, inner)))
    except OSError:
        return
    for entry in entries:
        name = f"{inner}{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(directory, f"{name}/")
        elif not entry.name.endswith((".pyc", ".pyo")):
            stat = entry.stat()
            yield name, stat.st_size, max(stat.st_mtime_ns, stat.st_ctime_ns)
