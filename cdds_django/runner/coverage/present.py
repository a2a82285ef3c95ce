"""The measured files as they are now."""

from __future__ import annotations

import os
from pathlib import Path

from cdds_django.impact.code.tree import digest
from cdds_django.runner.coverage.kept import Kept
from cdds_django.runner.coverage.regions import FileRegions, cut

_PYTHON = (".py", ".pyw")


class Present:
    """Finds regions of files; those of a file that is as it was kept need not be cut again."""

    def __init__(self, root: Path, kept: Kept | None, *, relative_files: bool = False) -> None:
        """`relative_files` says whether coverage.py names files from the root."""
        self._root = root
        self._kept = kept
        self._relative_files = relative_files
        self._regions: dict[str, FileRegions | None] = {}
        self._keys: dict[str, str] = {}

    def key(self, file: str) -> str:
        """Return the name by which a file is kept: from the root, where it lies below."""
        if file not in self._keys:
            path = os.path.join(self._root, file)
            inner = os.path.relpath(path, self._root)
            self._keys[file] = path if inner.startswith(os.pardir) else inner.replace(os.sep, "/")
        return self._keys[file]

    def file(self, key: str) -> str:
        """Return coverage.py's name of a file."""
        if self._relative_files or os.path.isabs(key):
            return key
        return os.path.join(self._root, *key.split("/"))

    def regions(self, key: str) -> FileRegions | None:
        """Return the regions of a file, or None where there is none any more."""
        if key not in self._regions:
            self._regions[key] = self._read(key)
        return self._regions[key]

    def _read(self, key: str) -> FileRegions | None:
        try:
            content = (self._root / key).read_bytes()
        except OSError:
            return None
        kept = self._kept.files.get(key) if self._kept is not None else None
        if kept is not None and kept.digest == digest(content):
            return FileRegions(
                digest=kept.digest, regions={n: r.region for n, r in kept.regions.items()}
            )
        return cut(content, is_python=key.endswith(_PYTHON))
