"""How many connections a database server has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, connections

_KEPT_FREE = 3
"""Per server: for the parent, which makes forks, and for a person who wants to look."""
_PER_DATABASE = {"postgresql": 2}
"""Of each worker: for its tests, and for what brings its fork back between them."""
_QUERIES = {
    "postgresql": (
        "SELECT current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
        " - coalesce(current_setting('reserved_connections', true)::int, 0)"
        " - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
    ),
    "mysql": "SELECT @@max_connections - (SELECT count(*) FROM information_schema.processlist)",
}
"""By vendor, what gives the number of connections that may still be made."""


def workers_with_room(aliases: Iterable[str]) -> int | None:
    """Return how many workers the servers of these databases have connections for.

    None where nothing limits them, or nobody can tell.
    """
    per_worker: Counter[tuple[str, str, str]] = Counter()
    asked: dict[tuple[str, str, str], str] = {}
    for alias in aliases:
        connection = connections[alias]
        if connection.settings_dict["TEST"].get("MIRROR") or connection.vendor not in _QUERIES:
            continue
        settings = connection.settings_dict
        server = (connection.vendor, str(settings["HOST"]), str(settings["PORT"]))
        per_worker[server] += _PER_DATABASE.get(connection.vendor, 1)
        asked[server] = alias
    room = [
        max(0, left - _KEPT_FREE) // per_worker[server]
        for server, alias in asked.items()
        if (left := connections_left(alias)) is not None
    ]
    return min(room, default=None)


def connections_left(alias: str) -> int | None:
    """Return how many connections the server of a database would still accept, if it can tell."""
    connection: Any = connections[alias]
    query = _QUERIES.get(connection.vendor)
    if query is not None:
        # A server that can't be reached will be complained about where it is needed.
        with suppress(DatabaseError), connection._nodb_cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])
    return None
