"""What is known of the test databases that an earlier run kept.

Django's `--keepdb` keeps a database whatever happened since. Here a small file says what state the
kept databases are in: made from which migrations, and whether the last run left them as it found
them. Where it doesn't say that they can be used, they are made anew.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from cdds_django.files import write_text
from cdds_django.impact.records import Dependencies, Dependency
from cdds_django.impact.sources.settings import plain
from cdds_django.impact.tree import digest

STATE_NAME = "databases.json"
_SCHEMA = 2


class KeptDatabases:
    """What is known of the databases that an earlier run left."""

    def __init__(self, state_dir: Path, aliases: Iterable[str]) -> None:
        self._path = state_dir / STATE_NAME
        # In-memory databases are never kept, and mirrors are those that they mirror.
        self.aliases = tuple(sorted(filter(_is_lasting, aliases)))
        self._fingerprint = _fingerprint(self.aliases) if self.aliases else ""
        self._state = self._read()
        self._mark = str(self._state.get("mark", ""))

    def usable(self) -> bool:
        """Whether the databases are there, shaped as they would be now, and clean."""
        return bool(
            self.aliases
            and self._state.get("clean")
            and self._state.get("fingerprint") == self._fingerprint
            and set(self.aliases) <= set(self._state.get("aliases", ()))
            and all(_mark_of(alias) in (None, self._mark) for alias in self.aliases)
        )

    def prepared_by(self) -> Dependencies:
        """Return what ran when the kept databases were made, on which every test depends."""
        return frozenset(Dependency(kind, key) for kind, key in self._state.get("prepared_by", ()))

    def made_by_us(self) -> bool:
        """Whether what lies there under these names was made by an earlier run with this state."""
        return set(self.aliases) <= set(self._state.get("aliases", ()))

    def mark(self) -> None:
        """Mark the databases, just made and still connected to, as those that the file means.

        Another checkout may make its own under the same names.
        """
        self._mark = uuid.uuid4().hex
        for alias in self.aliases:
            connection = connections[alias]
            if connection.vendor == "postgresql":
                name = connection.ops.quote_name(connection.settings_dict["NAME"])
                with connection.cursor() as cursor:
                    cursor.execute(f"COMMENT ON DATABASE {name} IS '{self._mark}'")

    def begin(self) -> None:
        """Say that a run uses them: until `end`, nobody may rely on them."""
        if self.aliases:
            self._write(clean=False, prepared_by=())

    def end(self, prepared_by: Dependencies) -> None:
        """Say that the run left them clean."""
        if self.aliases:
            self._write(clean=True, prepared_by=sorted(prepared_by))

    def _write(self, *, clean: bool, prepared_by: Iterable[tuple[str, str]]) -> None:
        state = {
            "schema": _SCHEMA,
            "clean": clean,
            "fingerprint": self._fingerprint,
            "mark": self._mark,
            "aliases": self.aliases,
            "prepared_by": [list(pair) for pair in prepared_by],
        }
        write_text(self._path, json.dumps(state))

    def _read(self) -> dict[str, Any]:
        # Without a state that can be read, the databases are made anew; that is always right.
        with suppress(OSError, ValueError):
            state = json.loads(self._path.read_text())
            if isinstance(state, dict) and state.get("schema") == _SCHEMA:
                return state
        return {}


def _is_lasting(alias: str) -> bool:
    connection = connections[alias]
    if connection.settings_dict["TEST"].get("MIRROR"):
        return False
    creation: Any = connection.creation
    return connection.vendor != "sqlite" or not creation.is_in_memory_db(
        creation._get_test_db_name()
    )


def _mark_of(alias: str) -> str | None:
    """Return the mark of the database that lies there, None where databases can't be marked."""
    connection: Any = connections[alias]
    if connection.vendor != "postgresql":
        return None
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [connection.creation._get_test_db_name()],
        )
        row = cursor.fetchone()
    return (row and row[0]) or ""


def _fingerprint(aliases: Iterable[str]) -> str:
    """Return a digest of what shapes the databases: migrations, models without any, settings."""
    parts = [django.get_version()]
    for alias in aliases:
        connection = connections[alias]
        settings = {k: v for k, v in connection.settings_dict.items() if k != "PASSWORD"}
        parts += [alias, connection.vendor, plain(settings)]
    for config in apps.get_app_configs():
        module, _ = MigrationLoader.migrations_module(config.label)
        package = Path(config.path, "migrations") if module else None
        if package is not None and package.is_dir():
            parts += [
                f"{path.name} {digest(path.read_bytes())}" for path in sorted(package.glob("*.py"))
            ]
        else:
            parts += [_model_state(model) for model in config.get_models()]
    return digest("\0".join(parts).encode("utf-8", "surrogatepass"))


def _model_state(model: Any) -> str:
    fields = [
        f"{field.name} {plain(field.deconstruct()[1:])}" for field in model._meta.local_fields
    ]
    return f"{model._meta.label} {fields}"
