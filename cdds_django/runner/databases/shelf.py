"""Templates whose particulars lie in files: of SQLite, and of servers that take no comments.

A template counts once its file of particulars is there; that is written last and removed first.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cdds_django.files import write_text
from cdds_django.runner.databases.names import parsed, prefix_of
from cdds_django.runner.databases.templates import Template

_SUFFIX = ".template"


class Shelf:
    """One directory. The system takes locks back from processes that die."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._locks: dict[str, int] = {}

    def candidates(self, base: str, key: str) -> list[Template]:
        """Return the templates made for a base from what `key` stands for, last used first."""
        found = (one for _, one in self.all(base) if one is not None and one.key == key)
        return sorted(found, key=lambda one: -one.used_at)

    def all(self, base: str | None = None) -> Iterator[tuple[str, Template | None]]:
        """Yield the name of every template, and what is known of it."""
        prefix = prefix_of(base) if base is not None else ""
        for path in sorted(self.directory.glob(f"{prefix}*{_SUFFIX}")):
            our = parsed(path.stem)
            if our is None or our.suffix:
                continue
            with suppress(OSError):
                template = Template.from_text(path.read_text(encoding="utf-8"))
                is_its = template is not None and template.name == path.stem
                yield path.stem, template if is_its else None

    def put(self, template: Template) -> None:
        """Make a template known. Raises StateFileError."""
        write_text(self.directory / f"{template.name}{_SUFFIX}", template.to_text())

    def used(self, template: Template) -> None:
        """Note that a template is used now."""
        if (used := template.used_now()) is not None:
            self.put(used)

    def remove(self, name: str, remove_database: Callable[[], None]) -> bool:
        """Remove a template unless somebody uses it; return whether it is gone."""
        if not self.try_lock(name):
            return False
        (self.directory / f"{name}{_SUFFIX}").unlink(missing_ok=True)
        remove_database()
        self._lock_path(name).unlink(missing_ok=True)
        self.unlock(name)
        return True

    def superfluous(self, base: str, limit: int) -> list[str]:
        """Return the templates that were used longest ago, and those nobody can read."""
        by_use = sorted(self.all(base), key=lambda one: -(one[1].used_at if one[1] else 0))
        return [
            name for place, (name, known) in enumerate(by_use) if place >= limit or known is None
        ]

    def is_in_use(self, name: str) -> bool:
        """Whether a run uses what bears this name."""
        if name in self._locks:
            return True
        if is_free := self.try_lock(name):
            self.unlock(name)
        return not is_free

    # Locks.

    def try_lock(self, name: str, *, shared: bool = False) -> bool:
        """Lock a name among all that use this directory; return whether that succeeded."""
        handle = self._open(name)
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self.unlock(name)
        self._locks[name] = handle
        return True

    def unlock(self, name: str) -> None:
        if name in self._locks:
            os.close(self._locks.pop(name))

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Wait until a name is ours alone."""
        while not self.try_lock(name):
            time.sleep(0.05)
        try:
            yield
        finally:
            self.unlock(name)

    def unlock_all(self) -> None:
        for name in list(self._locks):
            self.unlock(name)

    def _lock_path(self, name: str) -> Path:
        return self.directory / f"{name}.lock"

    def _open(self, name: str) -> int:
        return os.open(self._lock_path(name), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o666)
