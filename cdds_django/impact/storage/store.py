"""Reading the impact map, and replacing it as a whole.

Only the parent process of a run writes. A map that is broken or from a newer version is reported
and kept as it is.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdds_django.errors import StateFileError
from cdds_django.files import replacing
from cdds_django.impact.records import Dependency
from cdds_django.impact.storage.bits import unpack
from cdds_django.impact.storage.schema import TABLES, VERSION
from cdds_django.impact.storage.versions import require_version, upgrade

MAP_NAME = "impact.sqlite"
FIRST_WITH_HISTORY = 3
FIRST_WITH_IMPORTS = 4


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A test or a test module as the map knows it."""

    id: int
    kind: str
    name: str
    path: str
    outcome: str
    duration_s: float
    tags: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class StoredDependency:
    """One state of one thing that subjects depend on."""

    kind: str
    key: str
    place: str
    fingerprint: str
    shared: bool
    packed_subjects: bytes

    @property
    def subjects(self) -> int:
        """The subjects as bits."""
        return unpack(self.packed_subjects)


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A Python file as it was when the map was written."""

    size: int
    changed_ns: int
    digest: str


class ImpactMap:
    """An open map. Use as a context manager, or call `close()`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, version: int) -> None:
        self.path = path
        self.connection = connection
        self.has_history = version >= FIRST_WITH_HISTORY
        self._has_imports = version >= FIRST_WITH_IMPORTS

    @classmethod
    def open(cls, path: Path) -> ImpactMap | None:
        """Open the map for reading, or return None when there is none.

        Raises StateFileError, naming the file, when it is broken or from another version.
        """
        if not path.exists():
            return None
        with _explaining(path):
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True)
            try:
                _require_whole(path)
                version = require_version(path, connection)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, version)

    def __enter__(self) -> ImpactMap:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query. Raises StateFileError when the file turns out to be broken."""
        with _explaining(self.path):
            return self.connection.execute(sql, tuple(parameters)).fetchall()

    def meta(self, name: str) -> str | None:
        rows = self.rows("SELECT value FROM meta WHERE name = ?", [name])
        return rows[0][0] if rows else None

    def written_ns(self) -> int:
        """When the map was written, in nanoseconds since the epoch."""
        return self.path.stat().st_mtime_ns

    def files(self) -> dict[str, StoredFile]:
        rows = self.rows("SELECT path, size, mtime_ns, digest FROM file")
        return {path: StoredFile(size=s, changed_ns=m, digest=d) for path, s, m, d in rows}

    def subjects(self) -> list[Subject]:
        rows = self.rows("SELECT id, kind, name, path, outcome, duration_s, tags FROM subject")
        none: frozenset[str] = frozenset()
        return [
            Subject(
                id=number,
                kind=kind,
                name=name,
                path=path,
                outcome=outcome,
                duration_s=duration,
                tags=frozenset(json.loads(tags)) if tags != "[]" else none,
            )
            for number, kind, name, path, outcome, duration, tags in rows
        ]

    def durations_s(self) -> dict[str, float]:
        """Return the seconds that each test took when it last ran, by id."""
        return dict(
            self.rows("SELECT name, duration_s FROM subject WHERE kind = 'test' AND duration_s > 0")
        )

    def listings(self) -> dict[str, list[int]]:
        """Return the ids of each test module's tests, in order."""
        found: dict[str, list[int]] = {}
        for module, test in self.rows("SELECT module, test FROM listing ORDER BY module, position"):
            found.setdefault(module, []).append(test)
        return found

    def dependencies(self, *, places: Collection[str]) -> list[StoredDependency]:
        """Return what may have changed: code in `places`, all that isn't code, and old states."""
        return self._dependencies(
            "current = 0 OR place = '' OR place IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(places))],
        )

    def _dependencies(self, condition: str, parameters: list[str]) -> list[StoredDependency]:
        columns = "kind, key, place, fingerprint, shared, subjects"
        rows = self.rows(f"SELECT {columns} FROM dependency WHERE {condition}", parameters)
        return [
            StoredDependency(
                kind=kind,
                key=key,
                place=place,
                fingerprint=fingerprint,
                shared=bool(shared),
                packed_subjects=packed,
            )
            for kind, key, place, fingerprint, shared, packed in rows
        ]

    def used(self, *, places: Collection[str], kinds: Collection[str]) -> list[StoredDependency]:
        """Return all states of what lies in `places` or is of one of `kinds`."""
        return self._dependencies(
            "place IN (SELECT value FROM json_each(?)) OR kind IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(places)), json.dumps(sorted(kinds))],
        )

    def cut(self, digest: str, module: str, *, of_now: bool = False) -> str | None:
        """Return the stored symbols of a file's content, as JSON. With `of_now`, where the content
        is at hand, not those of an earlier version, which cut files otherwise."""
        if not of_now:
            return self._cut("digest = ? AND module = ?", [digest, module])
        if not self._has_imports:
            return None
        return self._cut("digest = ? AND module = ? AND imports IS NOT NULL", [digest, module])

    def cut_of_state(self, module: str, import_digest: str) -> str | None:
        """Return the symbols that a module had in an earlier state, as JSON."""
        return self._cut("module = ? AND import_digest = ?", [module, import_digest])

    def _cut(self, condition: str, parameters: list[str]) -> str | None:
        rows = self.rows(f"SELECT symbols FROM cut WHERE {condition} LIMIT 1", parameters)
        with _explaining(self.path):
            return zlib.decompress(rows[0][0]).decode() if rows else None

    def outlines(self) -> dict[tuple[str, str], list[str]]:
        """Return the names that may lead to other modules, by a file's digest and module name."""
        rows = self.rows("SELECT digest, module, outline FROM cut")
        return {(digest, module): json.loads(outline) for digest, module, outline in rows}

    def imports(self) -> dict[tuple[str, str], list[str]]:
        """Return the dotted names that files import, by digest and module name, where known."""
        if not self._has_imports:
            return {}
        rows = self.rows("SELECT digest, module, imports FROM cut WHERE imports IS NOT NULL")
        with _explaining(self.path):
            return {(digest, module): json.loads(names) for digest, module, names in rows}

    def kinds_of_dependencies(self, test: str) -> dict[str, int]:
        """Return how many things a test depends on, by kind."""
        ids = self.rows("SELECT id FROM subject WHERE kind = 'test' AND name = ?", [test])
        bit = 1 << ids[0][0] if ids else 0
        rows = self.rows("SELECT kind, subjects FROM dependency")
        with _explaining(self.path):
            return dict(Counter(kind for kind, packed in rows if unpack(packed) & bit))

    def known(self) -> set[Dependency]:
        """Return all that any test depends on, code aside."""
        rows = self.rows("SELECT DISTINCT kind, key FROM dependency WHERE place = ''")
        return {Dependency(kind, key) for kind, key in rows}

    def current_states(self) -> dict[Dependency, str]:
        """Return the states in which things that aren't code were when the map was written."""
        rows = self.rows(
            "SELECT kind, key, fingerprint FROM dependency WHERE current = 1 AND place = ''"
        )
        return {Dependency(kind, key): fingerprint for kind, key, fingerprint in rows}


@contextmanager
def rewriting(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a copy of the map (a new one if there is none) that then replaces it.

    Runs in the same checkout take turns. Raises StateFileError.
    """
    with _locked(path), replacing(path) as temporary, _explaining(path):
        fresh = not path.exists()
        if not fresh:
            shutil.copyfile(path, temporary)
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            # The copy becomes visible by its renaming; a journal would be of no use.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            if fresh:
                connection.executescript(TABLES)
                connection.execute("INSERT INTO meta VALUES ('schema', ?)", [str(VERSION)])
            else:
                upgrade(connection, require_version(path, connection))
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o666)
    except OSError as error:
        raise StateFileError(
            f"Can't write {path}: {error.strerror}. Make {path.parent} writable, choose another "
            "place with CDDS['STATE_DIR'], or pass --no-record."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error, json.JSONDecodeError) as error:
        raise StateFileError(
            f"The impact map {path} can't be read: {error}. It was left as it is; move it away "
            "and run the tests once without --delta to record a new one."
        ) from error


def _require_whole(path: Path) -> None:
    """Compare the file's size with what its header says (https://www.sqlite.org/fileformat.html).

    Checking every page would take longer than a run that selects nothing.
    """
    with path.open("rb") as file:
        header = file.read(100)
    page_size = int.from_bytes(header[16:18], "big")
    expected = (65536 if page_size == 1 else page_size) * int.from_bytes(header[28:32], "big")
    size = path.stat().st_size
    if len(header) == 100 and size != expected:
        raise sqlite3.DatabaseError(f"it has {size:,} bytes where its header says {expected:,}")
