"""The file of kept lines: what each test class covered when it was last measured.

Points are kept by file and region, and for each set of points which owners cover it. So what many
classes cover is said once, and an edit elsewhere in a file changes nothing. An owner is a test
class, a module's fixtures, or one of the stretches in `owners.py`.

The file belongs to one version of the impact map: whoever writes one writes the other.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cdds_django.errors import StateFileError
from cdds_django.files import replacing
from cdds_django.runner.coverage.regions import Region

VERSION = 1

_TABLES = """
CREATE TABLE meta (
    -- "schema": the version above; "map": which version of the impact map this belongs to;
    -- "configuration": what was measured, and how.
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE owner (
    -- Who covered something. The id is the place of the owner's bit in file.content.
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    tests TEXT NOT NULL                 -- the digest of the ids of the class's tests, or ''
);
CREATE TABLE file (
    path TEXT PRIMARY KEY,              -- from the project's root
    digest TEXT NOT NULL,               -- of the content that was measured
    tracer TEXT NOT NULL,               -- the plug-in of coverage.py that measured it, or ''
    content BLOB NOT NULL               -- KeptFile as JSON, zlib-compressed
) WITHOUT ROWID;
"""

Groups = dict[str, dict[int, list[int]]]
"""By context: the names of points, by the bits of the owners that cover them."""


@dataclass(kw_only=True)
class KeptRegion:
    """What is kept of one region."""

    region: Region
    groups: Groups = field(default_factory=dict)


@dataclass(kw_only=True)
class KeptFile:
    """What is kept of one measured file."""

    path: str
    digest: str
    tracer: str = ""
    regions: dict[str, KeptRegion] = field(default_factory=dict)


@dataclass(kw_only=True)
class Kept:
    """All that is kept."""

    map_version: str
    configuration: str
    owners: dict[str, int] = field(default_factory=dict)
    """The places of their bits, by name."""
    tests: dict[str, str] = field(default_factory=dict)
    """The digest of the tests that were measured, by owner."""
    files: dict[str, KeptFile] = field(default_factory=dict)

    def bits(self, owners: Iterable[str]) -> int:
        """Return the bits of those of `owners` that are known."""
        found = 0
        for owner in owners:
            if owner in self.owners:
                found |= 1 << self.owners[owner]
        return found


def read(path: Path) -> Kept | None:
    """Return what is kept, or None where there is no file. Raises StateFileError."""
    if not path.exists():
        return None
    with _opened(path) as connection:
        meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
        kept = Kept(map_version=meta["map"], configuration=meta["configuration"])
        for number, name, tests in connection.execute("SELECT id, name, tests FROM owner"):
            kept.owners[name] = number
            kept.tests[name] = tests
        for name, digest, tracer, content in connection.execute("SELECT * FROM file"):
            kept.files[name] = _file_from_json(
                zlib.decompress(content).decode(), path=name, digest=digest, tracer=tracer
            )
    return kept


def write(path: Path, kept: Kept) -> None:
    """Replace the file. Raises StateFileError."""
    with replacing(path) as temporary, closing(sqlite3.connect(temporary)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_TABLES)
        meta = {
            "schema": str(VERSION),
            "map": kept.map_version,
            "configuration": kept.configuration,
        }
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        connection.executemany(
            "INSERT INTO owner VALUES (?, ?, ?)",
            [(number, name, kept.tests.get(name, "")) for name, number in kept.owners.items()],
        )
        connection.executemany(
            "INSERT INTO file VALUES (?, ?, ?, ?)",
            [
                (file.path, file.digest, file.tracer, zlib.compress(_to_json(file).encode(), 1))
                for file in kept.files.values()
            ],
        )
        connection.commit()


def forget(path: Path, owners: Iterable[str], *, before: str, after: str) -> None:
    """Forget owners that ran without being measured, and go along from one map to the next.

    What doesn't belong to the map `before` is left alone: nobody will trust it.
    """
    if not path.exists():
        return
    with _opened(path) as connection, connection:
        ((version,),) = connection.execute("SELECT value FROM meta WHERE name = 'map'").fetchall()
        if version == before:
            connection.executemany(
                "DELETE FROM owner WHERE name = ?", [(owner,) for owner in owners]
            )
            connection.execute("UPDATE meta SET value = ? WHERE name = 'map'", [after])


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path)) as connection:
            ((version,),) = connection.execute(
                "SELECT value FROM meta WHERE name = 'schema'"
            ).fetchall()
            if version != str(VERSION):
                raise StateFileError(
                    f"{path} has schema {version}, this version of cdds_django reads {VERSION}"
                )
            yield connection
    except (sqlite3.DatabaseError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise StateFileError(f"{path} can't be read ({error})") from error


def _to_json(file: KeptFile) -> str:
    return json.dumps(
        [
            [
                kept.region.name,
                kept.region.digest,
                kept.region.lines,
                {
                    context: [[f"{bits:x}", names] for bits, names in groups.items()]
                    for context, groups in kept.groups.items()
                },
            ]
            for kept in file.regions.values()
        ],
        separators=(",", ":"),
    )


def _file_from_json(text: str, *, path: str, digest: str, tracer: str) -> KeptFile:
    file = KeptFile(path=path, digest=digest, tracer=tracer)
    for name, region_digest, lines, groups in json.loads(text):
        file.regions[name] = KeptRegion(
            region=Region(name=name, digest=region_digest, lines=tuple(lines)),
            groups=_groups(groups),
        )
    return file


def _groups(stored: Mapping[str, list[tuple[str, list[int]]]]) -> Groups:
    return {
        context: {int(bits, 16): names for bits, names in groups}
        for context, groups in stored.items()
    }
