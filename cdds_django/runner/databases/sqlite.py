"""Templates and forks on SQLite: a template is a file, also of databases that live in memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from cdds_django.runner.databases.names import BEING_MADE, fork_of, parsed, prefix_of
from cdds_django.runner.databases.shelved import ShelvedEngine
from cdds_django.runner.databases.templates import Listed, Template

_COMPANIONS = ("", "-journal", "-shm", "-wal")


@dataclass(kw_only=True)
class SqliteFork:
    """A copy of a template, in memory or in a file. Picklable until it is opened."""

    template: str
    """The path of the template's file."""
    name: str
    is_in_memory: bool
    copies: int = 0
    """How often it had to be made anew because somebody was reading it."""

    def open(self, connection: BaseDatabaseWrapper) -> None:
        self._connection: Any = connection
        self._own_name = self.name
        if self.is_in_memory:
            self._restore()
        else:
            remove(self.name)
            shutil.copyfile(self.template, self.name)

    def reset(self) -> None:
        if self.is_in_memory:
            self._restore()
        else:
            # Whoever still has the old file open reads and writes what has no name any more.
            self._connection.close()
            remove(self.name)
            shutil.copyfile(self.template, self.name)

    def reset_sequences(self) -> None:
        """Do nothing: SQLite rolls sequences back with all else."""

    def close(self) -> None:
        """Do nothing: there is no connection but Django's."""

    def _restore(self) -> None:
        connection = self._connection
        connection.ensure_connection()
        database = connection.Database
        uri = f"{Path(self.template).resolve().as_uri()}?mode=ro&immutable=1"
        with closing(database.connect(uri, uri=True)) as source:
            try:
                source.backup(connection.connection)
            except database.OperationalError:
                # A thread is in the middle of reading it: leave that one to the thread.
                self._rename()
                source.backup(connection.connection)

    def _rename(self) -> None:
        connection = self._connection
        self.copies += 1
        self.name = self._own_name.replace("?", f"_{self.copies}?", 1)
        connection.connection.close()
        connection.connection = None
        connection.settings_dict["NAME"] = self.name
        connection.connect()


class SqliteEngine(ShelvedEngine[SqliteFork]):
    """The templates of one test database."""

    can_reset = True

    def __init__(
        self, connection: BaseDatabaseWrapper, base: str, limit: int, directory: Path
    ) -> None:
        """`directory` is where templates lie; more than `limit` don't stay there."""
        super().__init__(connection, base, limit, directory)
        creation: Any = connection.creation
        self._name = str(creation._get_test_db_name())
        self._is_in_memory = bool(creation.is_in_memory_db(self._name))

    def server(self) -> str:
        return f"SQLite {self._connection.Database.sqlite_version}"

    def candidates(self, key: str) -> list[Template]:
        return [one for one in super().candidates(key) if self._is_there(one.name)]

    def begin(self, name: str, template: Template | None = None) -> str:
        self._has_built = True
        if self._is_in_memory:
            self._end_memory()
            if template is not None:
                self._connection.settings_dict["NAME"] = self._name
                self._fork(template, self._name).open(self._connection)
            return self._name
        building = self._path(fork_of(name, BEING_MADE))
        if template is not None:
            shutil.copyfile(self._path(template.name), building)
        return building

    def complete(self, template: Template, *, publish: bool) -> Template:
        building = self._path(fork_of(template.name, BEING_MADE))
        # Also of a file: the copy is whole, whatever lies in journals.
        temporary = f"{building}.copy"
        self._connection.ensure_connection()
        with closing(self._connection.Database.connect(temporary)) as target:
            self._connection.connection.backup(target)
        self._connection.close()
        os.replace(temporary, self._path(template.name))
        remove(building)
        self._shelf.try_lock(template.name, shared=True)
        if publish:
            self._shelf.put(template)
        else:
            self._private.append(template.name)
        return template

    def discard(self, name: str) -> None:
        if self._is_in_memory:
            self._end_memory()
        else:
            remove(self._path(fork_of(name, BEING_MADE)))

    def forks(self, template: Template, number: int) -> list[SqliteFork]:
        self._hold(template)
        if self._is_in_memory:
            # Each process has its own memory.
            found = [self._fork(template, self._name) for _ in range(number)]
        else:
            found = self._forks_in_files(template, number)
        self._forks += found
        return found

    def inventory(self) -> list[Listed]:
        return super().inventory() + [
            Listed(name=path, kind=kind, size=Path(path).stat().st_size, is_in_use=is_in_use)
            for path, kind, is_in_use in self._remains()
        ]

    def prune(self, limit: int) -> list[str]:
        removed = [path for path, _, is_in_use in self._remains() if not is_in_use]
        for path in removed:
            remove(path)
        return removed + super().prune(limit)

    def _remains(self) -> Iterator[tuple[str, str, bool]]:
        """Yield path and kind of what isn't a template, and whether a run uses it."""
        for path in sorted(self._shelf.directory.glob(f"{prefix_of(self._base)}*.sqlite3*")):
            our = parsed(path.name.partition(".")[0])
            if our is not None and our.suffix == BEING_MADE and path.suffix == ".sqlite3":
                lock = f"{prefix_of(our.base, our.key)}building"
                yield str(path), "unfinished", self._shelf.is_in_use(lock)
        if self._is_in_memory:
            return
        root, extension = os.path.splitext(self._name)
        place = Path(root)
        for path in sorted(place.parent.glob(f"{place.name}_cdds_*{extension}")):
            name = self._base + path.stem.removeprefix(place.name)
            our = parsed(name)
            if our is not None and our.suffix:
                yield str(path), "fork", self._shelf.is_in_use(name)

    def _is_there(self, name: str) -> bool:
        return os.path.exists(self._path(name))

    def _forks_in_files(self, template: Template, number: int) -> list[SqliteFork]:
        root, extension = os.path.splitext(self._name)
        return [
            self._fork(template, f"{root}{name.removeprefix(self._base)}{extension}")
            for _, name in self._slots(template, number)
        ]

    def _fork(self, template: Template, name: str) -> SqliteFork:
        return SqliteFork(
            template=self._path(template.name), name=name, is_in_memory=self._is_in_memory
        )

    def _end_memory(self) -> None:
        if self._connection.connection is not None:
            self._connection.connection.close()
            self._connection.connection = None

    def _drop(self, name: str) -> None:
        remove(self._path(name))

    def _drop_fork(self, fork: SqliteFork) -> None:
        if not fork.is_in_memory:
            remove(fork.name)

    def _size(self, name: str) -> int:
        return os.path.getsize(self._path(name)) if self._is_there(name) else 0

    def _path(self, name: str) -> str:
        return str(self._shelf.directory / f"{name}.sqlite3")


def remove(path: str) -> None:
    """Remove a database's file with what lies beside it."""
    for companion in _COMPANIONS:
        Path(f"{path}{companion}").unlink(missing_ok=True)
