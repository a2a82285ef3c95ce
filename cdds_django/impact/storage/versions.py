"""Which maps this version reads, and how older ones are brought up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cdds_django.errors import StateFileError
from cdds_django.impact.storage.schema import HISTORY_TABLES, VERSION

_STEPS = {2: HISTORY_TABLES, 3: "ALTER TABLE cut ADD COLUMN imports TEXT"}
"""What makes a map of one version one of the next."""


def require_version(path: Path, connection: sqlite3.Connection) -> int:
    """Return the schema's version. Raises StateFileError where it can't be read or upgraded."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    text = row[0] if row else "none"
    known = {str(version): version for version in (*_STEPS, VERSION)}
    if text not in known:
        raise StateFileError(
            f"The impact map {path} has schema {text}, this version of cdds_django reads "
            f"schema {VERSION}. It was left as it is; use the version that wrote it, or move it "
            "away and run the tests once without --delta to record a new one."
        )
    return known[text]


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Make a map of an older version one of this version."""
    while version < VERSION:
        connection.executescript(_STEPS[version])
        version += 1
    connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", [str(VERSION)])
