"""Connections that neither Django nor a test hears of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# What a crash takes back here, the next run finds out; and no query is worth compiling. Servers
# that have no such settings are left as they are.
_QUICKLY = """
SELECT set_config(name, 'off', false) FROM unnest(ARRAY['synchronous_commit', 'jit']) AS name
WHERE current_setting(name, true) IS NOT NULL
"""


class RawConnection:
    """A connection of the driver's: no receiver of Django's signals hears of what is asked."""

    def __init__(self, raw: Any) -> None:
        """`raw` is the driver's, and commits by itself."""
        self._raw = raw
        self._prepared: dict[str, str] = {}

    @classmethod
    def to(cls, name: str, connection: BaseDatabaseWrapper) -> RawConnection:
        """Connect to a database, as `connection` does to its own."""
        wanted = connection.settings_dict
        options = {k: v for k, v in wanted["OPTIONS"].items() if k != "pool"}
        own: Any = type(connection)({**wanted, "NAME": name, "OPTIONS": options}, connection.alias)
        raw = own.get_new_connection(own.get_connection_params())
        raw.autocommit = True
        made = cls(raw)
        made.run(_QUICKLY)
        return made

    @classmethod
    def below(cls, connection: BaseDatabaseWrapper) -> RawConnection | None:
        """Return what Django's connection is made of; to connect once more takes a while.

        None where it serves Django alone: in a pool, or where it doesn't commit by itself.
        """
        wanted = connection.settings_dict
        if "pool" in wanted["OPTIONS"] or not wanted["AUTOCOMMIT"]:
            return None
        connection.ensure_connection()
        return cls(connection.connection)

    @property
    def version(self) -> int:
        """The server's version, as 150002 for 15.2."""
        return int(self._raw.info.server_version)

    def repeated(self, sql: str) -> list[Any]:
        """Return the rows of a query that is asked again and again; it is planned once."""
        if sql not in self._prepared:
            name = self._prepared[sql] = f"cdds_{len(self._prepared)}"
            self.run(f"PREPARE {name} AS {sql}")
        return self.rows(f"EXECUTE {self._prepared[sql]}")

    def rows(self, sql: str, parameters: Sequence[Any] | None = None) -> list[Any]:
        """Return the rows of a query."""
        with self._raw.cursor() as cursor:
            cursor.execute(sql, parameters)
            found: list[Any] = cursor.fetchall()
            return found

    def run(self, *statements: str) -> None:
        """Run statements in one go."""
        with self._raw.cursor() as cursor:
            cursor.execute(";".join(statements))

    def close(self) -> None:
        self._raw.close()
