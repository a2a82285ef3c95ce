"""What the server itself counts: which tables and sequences can't have changed.

Since version 15, PostgreSQL counts in shared memory how many rows of each table were inserted,
updated and deleted, rolled back ones included, and how many pages of each sequence were asked for
(https://www.postgresql.org/docs/current/monitoring-stats.html). Its processes add what they
counted when they end at the latest, before they leave `pg_stat_activity`. So while nobody else is
connected, what has the count that it had is untouched. A crash or a call may reset counts: the
times of that belong to what is compared. (A superuser's session that sets `track_counts` off for
itself goes unheard.)
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from cdds_django.runner.databases.postgres.raw import RawConnection

_SINCE = 150000
_LEAVING_S = 0.02
"""How long a process of the server may take to end after its connection was closed."""
_PREFIX = "cdds_django: as its template when the server had counted "

_OTHERS = """
SELECT pg_stat_force_next_flush(), array(
    SELECT pid FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type IS DISTINCT FROM 'autovacuum worker')
"""
# Statistics come and go by themselves; shared catalogs don't belong to one database.
_COUNTS = """
SELECT current_setting('track_counts'),
    concat_ws(', ', d.oid, pg_stat_get_db_stat_reset_time(d.oid), b.stats_reset),
    (SELECT json_object_agg(oid, counted) FROM (
        SELECT oid, CASE relkind WHEN 'S' THEN pg_stat_get_blocks_fetched(oid)
            ELSE pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid)
                + pg_stat_get_tuples_deleted(oid) END AS counted
        FROM pg_class WHERE relkind IN ('r', 'm', 'S') AND NOT relisshared
            AND oid NOT IN ('pg_statistic'::regclass, 'pg_statistic_ext_data'::regclass)
        ) AS relations WHERE counted > 0)::text
FROM pg_database AS d, pg_stat_bgwriter AS b WHERE datname = current_database()
"""
_NAMES = """
SELECT c.oid, CASE WHEN nspname = 'pg_catalog' THEN relname::text
    ELSE quote_ident(nspname) || '.' || quote_ident(relname) END
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE c.oid = ANY(%s::oid[])
"""


class Reading(NamedTuple):
    """All counts of a database at one time."""

    since: str
    """What they belong to: the database, and when counting last began again."""
    counts: dict[str, int]
    """By the relation's object identifier; what has none was never touched."""

    def differing(self, other: Reading) -> list[int]:
        """Return the relations that have other counts."""
        pairs = self.counts.items() ^ other.counts.items()
        return sorted({int(oid) for oid, _ in pairs})

    def to_text(self) -> str:
        return _PREFIX + json.dumps(self._asdict(), separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str | None) -> Reading | None:
        """Read what `to_text` wrote; None for anything else."""
        if not text or not text.startswith(_PREFIX):
            return None
        try:
            found = cls(**json.loads(text.removeprefix(_PREFIX)))
        except (ValueError, TypeError):
            return None
        return found if isinstance(found.counts, dict) else None


class Counters:
    """The counts of one fork, compared with those of when it last was as its template."""

    def __init__(self, errors: tuple[type[Exception], ...]) -> None:
        """`errors` are the driver's."""
        self._errors = errors
        self._clean: Reading | None = None
        self._saved: Reading | None = None
        self._lasting: set[int] = set()
        self._names: dict[int, str] = {}

    def load(self, comment: str | None) -> None:
        """Take up what an earlier run has saved, or anybody else has written there."""
        self._saved = self._clean = Reading.from_text(comment)

    def note_clean(self, database: RawConnection) -> None:
        """Say that the database is what its template is."""
        self._clean = self._read(database)

    def touched(self, database: RawConnection) -> frozenset[str] | None:
        """Return what may have changed since: catalogs by name, all else by schema and name.

        None where nobody can tell.
        """
        before = self._clean
        now = self._read(database) if before is not None else None
        if before is None or now is None or now.since != before.since:
            return None
        changed = now.differing(before)
        if unknown := [oid for oid in changed if oid not in self._names]:
            self._names.update(database.rows(_NAMES, [unknown]))
        # What is gone or has another name now: then the catalogs have changed, too.
        return frozenset(self._names[oid] for oid in changed if oid in self._names)

    def save(self, database: RawConnection, name: str) -> None:
        """Keep with the database what the next run can begin with."""
        if self._clean is None or self._clean == self._saved:
            return
        quoted = name.replace('"', '""')
        database.run(f"COMMENT ON DATABASE \"{quoted}\" IS '{self._clean.to_text()}'")
        self._saved = self._clean

    def forget(self) -> None:
        """Say that the database is another one, or not as the next run would expect it."""
        self._clean = self._saved = None
        self._names.clear()

    def _read(self, database: RawConnection) -> Reading | None:
        if database.version < _SINCE:
            return None
        try:
            # In this order: who ends in between has handed in what is read then.
            if self._is_alone(database):
                tracked, since, counts = database.rows(_COUNTS)[0]
                if tracked == "on":
                    return Reading(since=since, counts=json.loads(counts or "{}"))
        except self._errors:
            # Whoever may not ask the server finds out by looking into tables.
            pass
        return None

    def _is_alone(self, database: RawConnection) -> bool:
        until = time.monotonic() + _LEAVING_S
        while others := set(_pids(database.rows(_OTHERS))):
            if others <= self._lasting or time.monotonic() > until:
                self._lasting = others
                return False
            time.sleep(0.001)
        return True


def _pids(rows: Iterable[Any]) -> list[int]:
    return [int(pid) for row in rows for pid in row[1]]
