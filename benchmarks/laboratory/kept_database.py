"""A migrated SQLite database that is kept from one run to the next.

The laboratory copies this file to a directory that projects import from. Which runs may share a
database is decided by `Scratch.database_copy`.
"""

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from django.core import management
from django.db import connections


@contextmanager
def kept_database(path):
    """Have `migrate` fill in-memory databases from copies at `path`, and make these where there
    are none."""
    original = management.call_command

    def call_command(name, *args, **options):
        connection = connections[options.get("database", "default")]
        if name != "migrate" or connection.vendor != "sqlite":
            return original(name, *args, **options)
        file = Path(f"{path}-{connection.alias}.sqlite3")
        connection.ensure_connection()
        if file.exists():
            with closing(sqlite3.connect(file)) as copy:
                copy.backup(connection.connection)
            return None
        result = original(name, *args, **options)
        connection.ensure_connection()
        unfinished = file.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(unfinished)) as copy:
            connection.connection.backup(copy)
        unfinished.replace(file)
        return result

    management.call_command = call_command
    try:
        yield
    finally:
        management.call_command = original
