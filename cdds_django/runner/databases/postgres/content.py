"""Telling whether a fork still is what its template is, without comparing contents.

A copy of a database has the same rows, down to the transaction that made each. So a table, a system
catalog included, is as it was if it has as many rows as then and none by a later transaction. A
table that was empty is so while its file is, and is looked into otherwise. Sequences aren't rolled
back with transactions and are compared by value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple, Protocol

_TABLES = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname), pg_relation_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'm') AND relpersistence <> 't'
AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
_SEQUENCES = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind = 'S' AND relpersistence <> 't'
"""
# Statistics come and go by themselves; large objects are asked for by their metadata.
_CATALOGS = """
SELECT relname FROM pg_class
WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND NOT relisshared
AND relname NOT IN ('pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject')
AND has_table_privilege(oid, 'SELECT')
"""
# A session's own schema stays when its temporary tables have gone.
_ONLY = {"pg_namespace": " WHERE nspname !~ '^pg_(toast_)?temp_'"}
_OTHERS_AT_WORK = """
SELECT 'backend', pid::text, 0::bigint, 0::bigint FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend' AND xact_start IS NOT NULL
"""


class Queries(Protocol):
    """A connection to one database."""

    def rows(self, sql: str) -> list[Any]:
        """Return the rows of a query without parameters."""

    def repeated(self, sql: str) -> list[Any]:
        """The same for a query that is asked again and again."""


class Difference(NamedTuple):
    """How a fork isn't as its template."""

    schema: tuple[str, ...] = ()
    """System catalogs that aren't the same: something was created, altered or dropped."""
    changed: tuple[str, ...] = ()
    """Tables with rows in the template that have others now."""
    grown: Mapping[str, int] = {}
    """Tables without rows in the template that may have some, with their sizes in bytes."""
    sequences: tuple[str, ...] = ()
    """Those that don't stand where they did."""
    at_work: tuple[int, ...] = ()
    """Processes of the server that are in a transaction there."""


class Content:
    """What a template holds, as far as it is needed to know a clean fork."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        """`described` is what `describe` returned."""
        self._xid = int(described["xid"])
        self._catalogs: dict[str, int] = described["catalogs"]
        self._seeded: dict[str, int] = described["seeded"]
        self.sequences: dict[str, tuple[int, bool]] = {
            name: (value, called) for name, (value, called) in described["sequences"].items()
        }
        self.settings: tuple[str, ...] = tuple(described["settings"])
        self.is_superuser = bool(described["superuser"])
        self._restored: dict[str, int] = {}

    def put_back(self, table: str, xid: int) -> None:
        """Take a table's rows, which transaction `xid` wrote again, for those of the template."""
        self._restored[table] = xid

    def forget_put_back(self) -> None:
        """Say that the fork is a fresh copy."""
        self._restored.clear()

    @property
    def is_as_copied(self) -> bool:
        """Whether no table was put back: another process can tell the fork's state, too."""
        return not self._restored

    def rows_in(self, table: str) -> int:
        """Return how many rows a table has in the template."""
        return self._seeded.get(table, 0)

    def difference(self, fork: Queries, touched: Set[str] | None = None) -> Difference:
        """Return how a fork differs, or how it does in what was touched, where that is known."""
        if touched is None:
            found = fork.repeated(self._query())
        elif touched:
            found = fork.rows(self._query(touched))
        else:
            return Difference()
        schema, changed, at_work, sequences = [], [], [], []
        grown: dict[str, int] = {}
        for kind, name, count, late in found:
            if kind == "backend":
                at_work.append(int(name))
            elif kind == "sequence":
                if (count, bool(late)) != self.sequences[name]:
                    sequences.append(name)
            elif kind == "catalog":
                if late or count != self._catalogs[name]:
                    schema.append(name)
            elif kind == "seeded":
                if late or count != self._seeded[name]:
                    changed.append(name)
            elif name not in self._seeded:
                grown[name] = count
        return Difference(
            schema=tuple(schema),
            changed=tuple(changed),
            grown=grown,
            sequences=tuple(sequences),
            at_work=tuple(at_work),
        )

    def moved_sequences(self, fork: Queries, touched: Set[str] | None = None) -> tuple[str, ...]:
        """Return the sequences that don't stand where they did."""
        if touched is None:
            names: Iterable[str] = self.sequences
        else:
            names = [name for name in self.sequences if name in touched]
        if not names:
            return ()
        sql = _sequences_sql(names)
        found = fork.repeated(sql) if touched is None else fork.rows(sql)
        return tuple(n for n, value, called in found if (value, called) != self.sequences[n])

    def _query(self, only: Set[str] | None = None) -> str:
        def is_asked(name: str) -> bool:
            return only is None or name in only

        parts = [_OTHERS_AT_WORK]
        parts += [
            _count("catalog", name, f"pg_catalog.{name}{_ONLY.get(name, '')}", self._xid)
            for name in filter(is_asked, self._catalogs)
        ]
        parts += [
            _count("seeded", name, name, self._restored.get(name, self._xid))
            for name in filter(is_asked, self._seeded)
        ]
        parts += [
            f"SELECT 'sequence', {_literal(name)}, last_value, is_called::int::bigint FROM {name}"
            for name in filter(is_asked, self.sequences)
        ]
        parts.append(
            f"SELECT 'grown', name, size, 0 FROM ({_TABLES}) AS t(name, size) WHERE size > 0"
            if only is None
            else _grown(only - self._seeded.keys() - self.sequences.keys())
        )
        return " UNION ALL ".join(parts)


def describe(database: Queries, settings: Iterable[str]) -> dict[str, Any]:
    """Return what is to be known of a template, which is complete and in nobody's use."""
    xid = database.rows("SELECT pg_current_xact_id()::xid::text")[0][0]
    catalogs = [row[0] for row in database.rows(_CATALOGS)]
    filled = [name for name, size in database.rows(_TABLES) if size]
    sequences = [row[0] for row in database.rows(_SEQUENCES)]
    counted = " UNION ALL ".join(
        [f"SELECT '{n}', (SELECT count(*) FROM pg_catalog.{n}{_ONLY.get(n, '')})" for n in catalogs]
        + [f"SELECT {_literal(n)}, (SELECT count(*) FROM {n})" for n in filled]
    )
    counts = dict(database.rows(counted))
    found = database.rows(_sequences_sql(sequences)) if sequences else []
    superuser = database.rows("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return {
        "xid": xid,
        "catalogs": {name: counts[name] for name in sorted(catalogs)},
        # A file that holds no row any more is looked into like a row's.
        "seeded": {name: counts[name] for name in sorted(filled)},
        "sequences": {name: [value, called] for name, value, called in found},
        "settings": list(settings),
        "superuser": bool(superuser and superuser[0][0]),
    }


def _count(kind: str, name: str, source: str, xid: int) -> str:
    return (
        f"SELECT '{kind}', {_literal(name)}, count(*), "
        f"count(*) FILTER (WHERE age(xmin) < age('{xid}'::xid)) FROM {source}"
    )


def _grown(names: Set[str]) -> str:
    """Return what asks which of some tables aren't empty; what is gone has no size."""
    listed = ", ".join(
        _literal(name)
        for name in sorted(names)
        # Catalogs are named without their schema.
        if "." in name and not name.startswith(("information_schema.", "pg_toast."))
    )
    return (
        "SELECT 'grown', name, pg_relation_size(to_regclass(name)), 0 "
        f"FROM unnest(ARRAY[{listed}]::text[]) AS t(name) "
        "WHERE pg_relation_size(to_regclass(name)) > 0"
    )


def _sequences_sql(names: Iterable[str]) -> str:
    return " UNION ALL ".join(
        f"SELECT {_literal(name)}, last_value, is_called FROM {name}" for name in names
    )


def _literal(text: str) -> str:
    return "'{}'".format(text.replace("'", "''"))
