"""A lasting connection to the server itself, for making, finding and dropping databases of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from cdds_django.runner.databases.names import parsed

_WAL_LOG_SINCE = 150000


class Server:
    """One connection, in the thread that made it. What it locks it holds until it is closed."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        """`connection` is any to a database on the server; it isn't used itself."""
        self._stack = ExitStack()
        creation: Any = connection.creation
        self._cursor: Any = self._stack.enter_context(creation._nodb_cursor())
        self._quote = connection.ops.quote_name
        self.version: int = self._cursor.connection.info.server_version

    def close(self) -> None:
        """Give back what is locked, and the connection."""
        self._stack.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        self._cursor.execute(sql, parameters or None)
        found: list[Any] = self._cursor.fetchall()
        return found

    def databases(self, prefix: str) -> dict[str, str]:
        """Return the comments of the databases whose names begin so, by name."""
        return dict(
            self.rows(
                "SELECT datname, COALESCE(shobj_description(oid, 'pg_database'), '') "
                "FROM pg_database WHERE starts_with(datname, %s)",
                [prefix],
            )
        )

    def may_create(self) -> bool:
        """Whether the user may make databases."""
        found = self.rows(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        return bool(found and found[0][0])

    def copy(self, template: str, name: str, settings: Sequence[str] = ()) -> None:
        """Make a database as another one is; nobody may be connected to that.

        `settings` are its own settings, which PostgreSQL doesn't copy.
        """
        strategy = " STRATEGY WAL_LOG" if self.version >= _WAL_LOG_SINCE else ""
        self._cursor.execute(
            f"CREATE DATABASE {self._quote(name)} TEMPLATE {self._quote(template)}{strategy}"
        )
        for setting in settings:
            self._cursor.execute(f"ALTER DATABASE {self._quote(name)} SET {setting}")

    def rename(self, name: str, new: str) -> None:
        self._cursor.execute(f"ALTER DATABASE {self._quote(name)} RENAME TO {self._quote(new)}")

    def comment(self, name: str, text: str) -> None:
        quoted = text.replace("'", "''")
        # Parameters aren't allowed here, and per cent signs are nobody's placeholders then.
        self._cursor.execute(f"COMMENT ON DATABASE {self._quote(name)} IS '{quoted}'")

    def refuse_connections(self, name: str) -> None:
        self._cursor.execute(f"ALTER DATABASE {self._quote(name)} ALLOW_CONNECTIONS false")

    def settings_of(self, name: str) -> list[str]:
        """Return a database's own settings, as ALTER DATABASE … SET takes them."""
        found = self.rows(
            "SELECT unnest(setconfig) FROM pg_db_role_setting JOIN pg_database d "
            "ON d.oid = setdatabase WHERE datname = %s AND setrole = 0",
            [name],
        )
        pairs = [row[0].partition("=") for row in found]
        return [f"{key} TO {_literals(value)}" for key, _, value in pairs]

    def end_connections(self, name: str) -> None:
        """End whatever others are still connected to a database of ours."""
        _require_ours(name)
        self.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        )

    def drop(self, name: str) -> None:
        """Drop a database of ours if it is there, whoever is connected to it."""
        _require_ours(name)
        self.end_connections(name)
        force = " WITH (FORCE)" if self.version >= 130000 else ""
        self._cursor.execute(f"DROP DATABASE IF EXISTS {self._quote(name)}{force}")

    def try_lock(self, name: str, *, shared: bool = False) -> bool:
        """Lock a name among all runs on this server, if nobody has; return whether it is ours."""
        function = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
        return bool(self.rows(f"SELECT {function}(%s)", [_lock_key(name)])[0][0])

    def unlock(self, name: str) -> None:
        self.rows("SELECT pg_advisory_unlock(%s)", [_lock_key(name)])

    def unlock_shared(self, name: str) -> None:
        """Give back every share in a name's lock, if there is any."""
        while self.rows("SELECT pg_advisory_unlock_shared(%s)", [_lock_key(name)])[0][0]:
            pass

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Wait until a name is ours alone."""
        self.rows("SELECT pg_advisory_lock(%s)", [_lock_key(name)])
        try:
            yield
        finally:
            self.unlock(name)


@contextmanager
def connected(connection: BaseDatabaseWrapper) -> Iterator[Server]:
    """Yield a connection to the server for a while."""
    server = Server(connection)
    try:
        yield server
    finally:
        server.close()


def _require_ours(name: str) -> None:
    if parsed(name) is None:
        raise ValueError(f"{name} isn't a database of cdds_django.")


def _lock_key(name: str) -> int:
    whole = blake2b(f"cdds_django {name}".encode(), digest_size=8).digest()
    return int.from_bytes(whole, signed=True)


def _literals(value: str) -> str:
    # Lists, as of search_path, are stored with commas and quoted where that is needed.
    if "," in value or '"' in value:
        return value
    return "'{}'".format(value.replace("'", "''"))
