"""One worker's database on PostgreSQL: brought back to what its template is, test after test."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import Error

from cdds_django.errors import CddsError
from cdds_django.runner.databases.postgres.content import Content, Difference
from cdds_django.runner.databases.postgres.counters import Counters
from cdds_django.runner.databases.postgres.raw import RawConnection
from cdds_django.runner.databases.postgres.server import Server, connected

_WAIT_FOR_OTHERS_S = 0.5
"""How long somebody in a transaction, as a server thread at the end of a request, may take."""
_MOST_ROWS = 20_000
"""Of a table with rows in the template, how many are kept in memory to be put back."""
_SWOLLEN_BYTES = 4_000_000
_MOST_OLD = 8
"""Dropping a database writes out the whole server's memory, so that is done at the end."""

_TAKEN_OVER = """
SELECT shobj_description(oid, 'pg_database'), array(
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid())
FROM pg_database WHERE datname = current_database()
"""


class PostgresFork:
    """A copy of a template, kept from run to run. Picklable until it is opened."""

    def __init__(self, template: str, name: str, described: Mapping[str, Any]) -> None:
        """`described` is what is known of the template's content."""
        self.template = template
        self.name = name
        self.described = described
        self.copies = 0
        """How often it was copied anew."""
        self._wanted: set[str] = set()
        self._rows: dict[str, tuple[str, list[str]]] = {}

    def open(self, connection: BaseDatabaseWrapper) -> None:
        """Have the database as the template is, whatever an earlier run left there."""
        self._connection: Any = connection
        self._content = Content(self.described)
        driver: Any = getattr(connection, "Database")  # noqa: B009
        self._errors = (driver.Error,)
        self._own: RawConnection | None = None
        self._counters = Counters(self._errors)
        try:
            database = RawConnection.below(connection) or self._database()
        except (*self._errors, Error):
            if self._connection.connection is not None:
                raise  # By what a project does with each new connection.
            # It isn't there; if that isn't why, the server says so again.
            with connected(connection) as server:
                self._copy(server)
            self._counters.note_clean(self._database())
            return
        self._counters.load(database.rows(_TAKEN_OVER)[0][0])
        if self._counters.touched(database) != frozenset():
            self.reset()

    def reset(self) -> None:
        """Bring it back to what the template is, by the cheapest way that is exact."""
        self._leave()
        try:
            if self._undo():
                return
        except self._errors:
            # Whatever keeps rows from being taken back (a view's, a rule's, a lock): copy anew.
            pass
        self._copy_anew()

    def reset_sequences(self) -> None:
        """Set the sequences alone to where they stand in the template."""
        database = self._database()
        touched = self._counters.touched(database)
        if moved := self._settings_of(self._content.moved_sequences(database, touched)):
            database.run(*moved)

    def close(self) -> None:
        if self._own is not None:
            # What was put back bears other marks than a copy does: the next run copies it anew.
            if self._content.is_as_copied:
                self._counters.save(self._own, self.name)
            self._own.close()
            self._own = None

    def _leave(self) -> None:
        """Close the process's own connection; what is uncommitted there goes with it."""
        connection = self._connection
        if not connection.in_atomic_block:
            connection.close()

    def _database(self) -> RawConnection:
        if self._own is None:
            self._own = RawConnection.to(self.name, self._connection)
        return self._own

    # Taking back what was done.

    def _undo(self) -> bool:
        database = self._database()
        touched = self._counters.touched(database)
        if touched is not None and not touched:
            return True
        difference = self._settled(database, touched)
        if difference.schema or any(t not in self._rows for t in difference.changed):
            self._wanted.update(difference.changed)
            return False
        sequences = self._settings_of(difference.sequences)
        if difference.changed:
            database.run(*self._deletions(difference))
            self._put_back(database, difference.changed)
            database.run("COMMIT", *sequences)
        elif difference.grown:
            database.run(*self._deletions(difference), "COMMIT", *sequences)
        elif sequences:
            database.run(*sequences)
        is_written_to = bool(difference.grown or difference.changed)
        if is_written_to and not self._content.is_superuser and not self._is_as_template(database):
            return False  # Triggers wrote something.
        for table, size in difference.grown.items():
            if size > _SWOLLEN_BYTES:
                database.run(f"VACUUM {table}")
        self._counters.note_clean(database)
        return True

    def _settled(self, database: RawConnection, touched: frozenset[str] | None) -> Difference:
        """Return the difference when nobody is in the middle of something any more."""
        until = time.monotonic() + _WAIT_FOR_OTHERS_S
        difference = self._content.difference(database, touched)
        while difference.at_work:
            if time.monotonic() > until:
                for process in difference.at_work:
                    database.rows(f"SELECT pg_terminate_backend({process})")
            time.sleep(0.01)
            difference = self._content.difference(database)
        return difference

    def _deletions(self, difference: Difference) -> list[str]:
        """Return what begins a transaction and empties the tables that aren't as they were."""
        return [
            "BEGIN",
            "SET LOCAL lock_timeout = '5s'",
            "SET LOCAL row_security = off",
            # Neither triggers nor the order of foreign keys matter to the whole.
            "SET LOCAL session_replication_role = replica"
            if self._content.is_superuser
            else "SET CONSTRAINTS ALL DEFERRED",
            *(f"DELETE FROM ONLY {table}" for table in [*difference.grown, *difference.changed]),
        ]

    def _put_back(self, database: RawConnection, tables: Iterable[str]) -> None:
        for table in tables:
            columns, rows = self._rows[table]
            values = ", ".join(f"(row::{table}).{column}" for column in columns.split(", "))
            database.rows(
                f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE "
                f"SELECT {values} FROM unnest(%s::text[]) AS given(row) RETURNING 1",
                [rows],
            )
            xid = database.rows("SELECT pg_current_xact_id()::xid::text")[0][0]
            # The rows bear this very transaction; later ones have others.
            self._content.put_back(table, int(xid))

    def _is_as_template(self, database: RawConnection) -> bool:
        difference = self._content.difference(database, self._counters.touched(database))
        if difference.schema or difference.changed or difference.sequences:
            return False
        checks = [f"EXISTS (SELECT 1 FROM {table})" for table in difference.grown]
        return not (checks and database.rows(f"SELECT {' OR '.join(checks)}")[0][0])

    def _settings_of(self, sequences: Iterable[str]) -> list[str]:
        """Return what sets sequences to where they stand in the template."""
        return [
            "SELECT setval('{}', {}, {})".format(
                name.replace("'", "''"), *self._content.sequences[name]
            )
            for name in sequences
        ]

    # Copying anew.

    def _copy_anew(self) -> None:
        self._counters.forget()
        self.close()
        self._connection.close_pool()
        with connected(self._connection) as server:
            server.end_connections(self.name)
            self.copies += 1
            old = f"{self.name}_old{self.copies}"
            server.drop(old)  # A run that was killed may have left one.
            server.rename(self.name, old)
            if self.copies > _MOST_OLD:
                server.drop(f"{self.name}_old{self.copies - _MOST_OLD}")
            self._copy(server)
        self._content.forget_put_back()
        self._remember_rows()
        self._counters.note_clean(self._database())

    def _copy(self, server: Server) -> None:
        try:
            server.copy(self.template, self.name, self._content.settings)
        except Exception as error:
            raise CddsError(
                f"The test database {self.name} can't be copied from {self.template}: {error} "
                "Look at the server, or have the template made again with --create-db."
            ) from error

    def _remember_rows(self) -> None:
        """Keep the rows of tables that tests change, to put them back the next time."""
        database = self._database()
        for table in self._wanted - self._rows.keys():
            if self._content.rows_in(table) > _MOST_ROWS:
                continue
            columns = database.rows(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
                "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
                "AND attgenerated = ''",
                [table],
            )[0][0]
            rows = database.rows(f"SELECT whole::text FROM ONLY {table} AS whole")
            if columns:
                self._rows[table] = (columns, [row[0] for row in rows])
