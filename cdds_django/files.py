"""Writing files so that a reader sees the old content or the new, never half of either."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cdds_django
from cdds_django.errors import StateFileError

PACKAGE = Path(cdds_django.__file__).parent
"""Where this package is."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the directory of `path`; rename it over `path` on success.

    Raises StateFileError, naming the directory, when it can't be written to.
    """
    temporary = _temporary_beside(path)
    try:
        yield temporary
        # mkstemp makes files private; these are as public as any file of the checkout.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as error:
        raise StateFileError(f"Can't write {path}: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def require_writable(path: Path) -> None:
    """Raise StateFileError now rather than when there is something to write."""
    _temporary_beside(path).unlink()


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 in place of what `path` holds. Raises StateFileError."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def ignore_in_git(directory: Path) -> None:
    """Keep local state out of commits without touching the project's own .gitignore."""
    ignore = directory / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")


def _temporary_beside(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise StateFileError(
            f"Can't write {path}: {error.strerror}. Make {path.parent} writable, "
            "or choose another place."
        ) from error
    os.close(handle)
    return Path(name)
