"""The test databases of a run: which aliases share one, and which engine takes care of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.test.utils import get_unique_databases_and_mirrors

from cdds_django.runner.databases.names import base_of

if TYPE_CHECKING:
    from cdds_django.runner.databases.engines import Engine, Fork
    from cdds_django.runner.databases.templates import Template

# To make a dataclass takes half a millisecond of the 25 in which a template is found, so what is
# imported for that is written without.


class Group:
    """One test database and the aliases that mean it."""

    def __init__(self, alias: str, aliases: tuple[str, ...], base: str, engine: Engine) -> None:
        """`alias` is the one that it is made through, `aliases` are all but those of replicas."""
        self.alias = alias
        self.aliases = aliases
        self.base = base
        self.engine = engine
        self.key = ""
        self.template: Template | None = None
        self.forks: list[Fork] = []

    @property
    def connection(self) -> Any:
        return connections[self.alias]


def groups_of(aliases: Iterable[str], *, directory: Path, limit: int) -> Iterator[Group]:
    """Yield the databases that can be forked, in the order in which Django makes them.

    `directory` is where templates lie that are files; more than `limit` don't stay.
    """
    databases, _ = get_unique_databases_and_mirrors(set(aliases))
    for _, used in databases.values():
        if not used:
            continue
        # Django 5.2 has a set of them.
        first = min(used, key=lambda alias: (alias != DEFAULT_DB_ALIAS, alias))
        connection: Any = connections[first]
        base = _base(connection)
        engine = _engine(connection, base, directory, limit)
        if engine is not None:
            yield Group(first, tuple(sorted(used)), base, engine)


def _base(connection: Any) -> str:
    name = str(connection.creation._get_test_db_name())
    if connection.vendor != "sqlite":
        return base_of(name)
    if connection.creation.is_in_memory_db(name):
        return base_of(f"memory_{connection.alias}")
    return base_of(Path(name).stem)


def _engine(connection: Any, base: str, directory: Path, limit: int) -> Engine | None:
    # To import those that aren't needed takes as long as finding a template.
    if connection.vendor == "postgresql":
        from cdds_django.runner.databases.postgres.engine import PostgresEngine

        engine = PostgresEngine(connection, base, limit)
        if engine.may_create():
            return engine
        engine.end(keep=True)
        return None
    if not connection.features.can_clone_databases:
        return None
    if connection.vendor == "sqlite":
        from cdds_django.runner.databases.sqlite import SqliteEngine

        return SqliteEngine(connection, base, limit, directory)
    from cdds_django.runner.databases.cloned import ClonedEngine

    return ClonedEngine(connection, base, limit, directory)
