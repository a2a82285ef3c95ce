"""Digests of files and directories, kept between runs with what `stat` says of them.

Whoever has hundreds of migrations doesn't want them read for every run.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from cdds_django.errors import StateFileError
from cdds_django.files import write_text
from cdds_django.impact.code.tree import ABSENT, digest

_RACY_NS = 2_000_000_000
"""A file written so shortly before may be written once more within the clock's resolution."""


class KeptDigests:
    """What earlier runs of a checkout read, and this one."""

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / "databases" / "digests.json"
        self._kept: dict[str, Any] = {}
        # Without it, files are read again; that is always right.
        with suppress(OSError, ValueError):
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            self._kept = kept if isinstance(kept, dict) else {}
        self._changed = False

    def save(self) -> None:
        """Keep what was read for the next run, if there is a place."""
        if self._changed:
            with suppress(StateFileError):
                write_text(self._path, json.dumps(self._kept))
                self._changed = False

    def of_file(self, path: str) -> str:
        """Return the digest of a file's content, or "absent"."""
        try:
            stat = os.stat(path)
            changed_ns = max(stat.st_mtime_ns, stat.st_ctime_ns)
            seen = f"{stat.st_size} {changed_ns}"
            return self._known(path, seen) or self._keep(
                path, seen, digest(Path(path).read_bytes()), changed_ns
            )
        except OSError:
            return ABSENT

    def of_directory(self, directory: str) -> str:
        """Return the digest of all files below a directory, compiled ones left out."""
        files = sorted(_files(directory, ""))
        seen = digest("\0".join(f"{name} {size} {ns}" for name, size, ns in files).encode())
        if (known := self._known(directory, seen)) is not None:
            return known
        contents = [
            f"{name} {digest(Path(directory, name).read_bytes())}"
            for name, _, _ in files
            if Path(directory, name).exists()
        ]
        newest_ns = max((ns for _, _, ns in files), default=0)
        return self._keep(directory, seen, digest("\0".join(contents).encode()), newest_ns)

    def _known(self, path: str, seen: str) -> str | None:
        kept = self._kept.get(path)
        if isinstance(kept, list) and len(kept) == 2 and kept[0] == seen:
            return str(kept[1])
        return None

    def _keep(self, path: str, seen: str, found: str, changed_ns: int) -> str:
        if changed_ns < time.time_ns() - _RACY_NS:
            self._kept[path] = [seen, found]
            self._changed = True
        return found


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
