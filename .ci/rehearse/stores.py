"""What CI systems keep between jobs, as directories: caches and artefacts."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path


def copy(work: Path, patterns: Iterable[str], target: Path) -> int:
    """Copy what the patterns find, with its path from `work`; return the number of files."""
    count = 0
    for pattern in patterns:
        for found in sorted(work.glob(pattern.strip().rstrip("/"))):
            for path in sorted(found.rglob("*")) if found.is_dir() else [found]:
                if path.is_file():
                    place = target / path.relative_to(work)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, place)
                    count += 1
    return count


def find(caches: Path, key: str, prefixes: Iterable[str]) -> Path | None:
    """Return the cache of a key, or the newest with one of the prefixes."""
    if (caches / key).is_dir():
        return caches / key
    for prefix in prefixes:
        found = [path for path in caches.glob("*") if path.name.startswith(prefix)]
        if found:
            return max(found, key=lambda path: path.stat().st_mtime_ns)
    return None


def restore(cache: Path, work: Path) -> None:
    """Copy a cache to where its files were."""
    shutil.copytree(cache, work, dirs_exist_ok=True)
