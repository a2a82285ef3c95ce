"""Comparing two databases of the same kind: their schemas, and their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_POSTGRES = (
    """
    SELECT 'column ' || a.attrelid::regclass || '.' || attname,
        concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity,
            pg_get_expr(adbin, adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind IN ('r', 'p', 'm', 'v') AND attnum > 0 AND NOT attisdropped AND c.rel{}
    """,
    """
    SELECT 'constraint ' || conname || ' of ' || conrelid::regclass, pg_get_constraintdef(k.oid)
    FROM pg_constraint k WHERE k.con{}
    """,
    """
    SELECT 'index ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE c.rel{}
    """,
    """
    SELECT 'trigger ' || tgname, pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND c.rel{}
    """,
    """
    SELECT 'view ' || c.oid::regclass, pg_get_viewdef(c.oid)
    FROM pg_class c WHERE relkind IN ('v', 'm') AND c.rel{}
    """,
    """
    SELECT 'sequence ' || c.oid::regclass, pg_sequence_last_value(c.oid)::text
    FROM pg_class c WHERE relkind = 'S' AND c.rel{}
    """,
    """
    SELECT 'function ' || oid::regprocedure, prosrc FROM pg_proc WHERE pro{}
    """,
    "SELECT 'extension ' || extname, extversion FROM pg_extension",
)
_NOT_THE_SYSTEMS = (
    "namespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, "
    "'pg_toast'::regnamespace)"
)
_UNLIKE = {"django_migrations": frozenset({"applied"})}
"""Columns that are never the same twice."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """All rows of one table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def without(self, columns: frozenset[str]) -> Counter[tuple[str, ...]]:
        """Return how often each row is there, columns left out."""
        kept = [i for i, column in enumerate(self.columns) if column not in columns]
        return Counter(tuple(row[i] for i in kept) for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """All that is compared of one database."""

    schema: Mapping[str, str]
    """Definitions by what they define."""
    tables: Mapping[str, Table]


def portrait(connection: BaseDatabaseWrapper) -> Portrait:
    """Read a whole database."""
    with connection.cursor() as cursor:
        names = sorted(
            info.name
            for info in connection.introspection.get_table_list(cursor)
            if info.type in ("t", "p")
        )
        schema = dict(_schema(connection, cursor, names))
        tables = {name: _rows(connection, cursor, name) for name in names}
    return Portrait(schema=schema, tables=tables)


def differences(
    one: Portrait, other: Portrait, volatile: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    """Yield how `other` differs from `one`, a line each. `volatile` has columns to leave out."""
    for what in sorted(one.schema.keys() | other.schema.keys()):
        if what not in one.schema:
            yield f"{what} is missing in the template"
        elif what not in other.schema:
            yield f"{what} is in the template only"
        elif (before := one.schema[what]) != (after := other.schema[what]):
            yield f"{what} is {before} in the template and {after} when made now"
    for name in sorted(one.tables.keys() & other.tables.keys()):
        left_out = volatile.get(name, frozenset()) | _UNLIKE.get(name, frozenset())
        before_rows = one.tables[name].without(left_out)
        after_rows = other.tables[name].without(left_out)
        gone, come = before_rows - after_rows, after_rows - before_rows
        for rows, where in ((gone, "the template"), (come, "one made now")):
            if rows:
                example = ", ".join(next(iter(rows)))[:200]
                yield f"table {name} has {rows.total()} rows in {where} only, as ({example})"


def volatile_columns(one: Portrait, other: Portrait) -> dict[str, frozenset[str]]:
    """Return the columns whose values differ between two databases made in the same way."""
    found: dict[str, frozenset[str]] = {}
    for name in one.tables.keys() & other.tables.keys():
        first, second = one.tables[name], other.tables[name]
        found[name] = frozenset(
            column
            for i, column in enumerate(first.columns)
            if column in second.columns
            and Counter(row[i] for row in first.rows)
            != Counter(row[second.columns.index(column)] for row in second.rows)
        )
    return found


def _rows(connection: Any, cursor: Any, table: str) -> Table:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    columns = tuple(column[0] for column in cursor.description)
    return Table(columns=columns, rows=tuple(tuple(map(str, row)) for row in cursor.fetchall()))


def _schema(connection: Any, cursor: Any, tables: list[str]) -> Iterator[tuple[str, str]]:
    if connection.vendor == "postgresql":
        for query in _POSTGRES:
            cursor.execute(query.format(_NOT_THE_SYSTEMS))
            yield from ((what, str(text)) for what, text in cursor.fetchall())
    elif connection.vendor == "sqlite":
        cursor.execute("SELECT type || ' ' || name, sql FROM sqlite_master")
        yield from ((what, str(sql)) for what, sql in cursor.fetchall())
    else:
        for table in tables:
            description = connection.introspection.get_table_description(cursor, table)
            yield from (
                (f"column {table}.{column.name}", str(column[1:])) for column in description
            )
            constraints = connection.introspection.get_constraints(cursor, table)
            yield from (
                (f"constraint {name} of {table}", str(k)) for name, k in constraints.items()
            )
