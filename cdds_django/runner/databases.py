"""Test databases: made once, kept while that is right, one for each worker.

Django's `--keepdb` keeps a database whatever happened since. Here a small file says what state the
kept databases are in: made from which migrations, and whether the last run left them as it found
them. Where it doesn't say that they can be used, they are made anew. Workers' databases are cloned
afresh for every run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.test import TestCase, TransactionTestCase
from django.test.runner import DiscoverRunner

from cdds_django.files import write_text
from cdds_django.impact.records import Dependencies, Dependency
from cdds_django.impact.sources.settings import plain
from cdds_django.impact.tree import digest

STATE_NAME = "databases.json"
_SCHEMA = 1


class KeptDatabases:
    """What is known of the databases that an earlier run left."""

    def __init__(self, state_dir: Path, aliases: Iterable[str]) -> None:
        self._path = state_dir / STATE_NAME
        # In-memory databases are never kept.
        self._aliases = sorted(alias for alias in aliases if not _is_in_memory(alias))
        self._fingerprint = _fingerprint(self._aliases) if self._aliases else ""
        self._state = self._read()

    def usable(self) -> bool:
        """Whether the databases are there, shaped as they would be now, and clean."""
        return bool(
            self._aliases
            and self._state.get("clean")
            and self._state.get("fingerprint") == self._fingerprint
            and set(self._aliases) <= set(self._state.get("aliases", ()))
        )

    def prepared_by(self) -> Dependencies:
        """Return what ran when the kept databases were made, on which every test depends."""
        return frozenset(Dependency(kind, key) for kind, key in self._state.get("prepared_by", ()))

    def made_by_us(self) -> bool:
        """Whether what lies there under these names was made by an earlier run with this state."""
        return set(self._aliases) <= set(self._state.get("aliases", ()))

    def begin(self) -> None:
        """Say that a run uses them: until `end`, nobody may rely on them."""
        if self._aliases:
            self._write(clean=False, prepared_by=())

    def end(self, prepared_by: Dependencies) -> None:
        """Say that the run left them clean."""
        if self._aliases:
            self._write(clean=True, prepared_by=sorted(prepared_by))

    def _write(self, *, clean: bool, prepared_by: Iterable[tuple[str, str]]) -> None:
        state = {
            "schema": _SCHEMA,
            "clean": clean,
            "fingerprint": self._fingerprint,
            "aliases": self._aliases,
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


def _is_in_memory(alias: str) -> bool:
    connection = connections[alias]
    if connection.vendor != "sqlite":
        return False
    creation: Any = connection.creation
    return bool(creation.is_in_memory_db(creation._get_test_db_name()))


def _fingerprint(aliases: list[str]) -> str:
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


@dataclass(kw_only=True)
class PreparedDatabases:
    """The databases of one run."""

    reused: bool
    """Whether an earlier run made them."""
    prepared_by: Dependencies
    """What ran when they were made; the runner fills it in when that was now."""
    old_config: list[tuple[Any, str, bool]]
    """As Django's `setup_databases` returns it: connection, former name, whether made there."""
    workers: int
    verbosity: int
    is_left_clean: bool
    """Whether the next run finds them as this one did."""

    def clone(self) -> None:
        """Give each worker a database of its own, as the prepared one is."""
        for creation in self._made():
            for worker in range(1, self.workers + 1):
                creation.clone_test_db(suffix=str(worker), verbosity=self.verbosity, keepdb=False)

    def destroy_clones(self) -> None:
        for creation in self._made():
            for worker in range(1, self.workers + 1):
                creation.destroy_test_db(suffix=str(worker), verbosity=self.verbosity, keepdb=False)

    def _made(self) -> list[Any]:
        return [connection.creation for connection, _, is_first in self.old_config if is_first]


@contextmanager
def prepared_databases(
    aliases: Mapping[str, bool],
    *,
    runner: DiscoverRunner,
    state_dir: Path,
    keep: bool,
    anew: bool,
    workers: int,
    tests: Iterable[Any],
) -> Iterator[PreparedDatabases]:
    """Make or reuse the test databases, with a clone for each of `workers`; clean up at the end.

    `aliases` says which are used, and whether their content is wanted for `serialized_rollback`.
    With `keep` they stay for the next run, unless `anew` asks for new ones now.
    """
    kept = KeptDatabases(state_dir, aliases)
    reuse = keep and kept.usable() and not anew
    if keep:
        kept.begin()
    runner.keepdb = reuse
    # Nobody has to be asked before a database goes that a run of ours left behind.
    runner.interactive = runner.interactive and not kept.made_by_us()
    timed = runner.time_keeper.timed
    with timed("Total database setup"):
        old_config = runner.setup_databases(
            aliases=aliases,
            serialized_aliases={alias for alias, serialize in aliases.items() if serialize},
        )
        prepared = PreparedDatabases(
            reused=reuse,
            prepared_by=kept.prepared_by(),
            old_config=old_config,
            workers=workers,
            verbosity=runner.verbosity,
            is_left_clean=workers > 0 or not leaves_databases_changed(tests),
        )
    is_finished = False
    try:
        with timed("  Cloning"):
            prepared.clone()
        yield prepared
        is_finished = True
    finally:
        with timed("Total database teardown"):
            prepared.destroy_clones()
            runner.keepdb = keep
            runner.teardown_databases(old_config)
    if keep and is_finished and prepared.is_left_clean:
        kept.end(prepared.prepared_by)


def leaves_databases_changed(tests: Iterable[Any]) -> bool:
    """Whether running these in the prepared database itself would empty it.

    TransactionTestCase flushes after each test, and with it rows that migrations had inserted
    (https://docs.djangoproject.com/en/stable/topics/testing/tools/#transactiontestcase).
    """
    return any(
        isinstance(test, TransactionTestCase) and not isinstance(test, TestCase) for test in tests
    )
