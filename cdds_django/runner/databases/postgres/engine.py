"""Templates on PostgreSQL: found by their names and comments, whichever checkout made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import Error

from cdds_django.runner.databases.names import BEING_MADE, OurName, fork_of, parsed, prefix_of
from cdds_django.runner.databases.postgres.content import describe
from cdds_django.runner.databases.postgres.fork import PostgresFork
from cdds_django.runner.databases.postgres.raw import RawConnection
from cdds_django.runner.databases.postgres.server import Server
from cdds_django.runner.databases.templates import Listed, Template


class PostgresEngine:
    """The templates of one test database. Locks are kept by the server, so they end with us."""

    can_reset = True

    def __init__(self, connection: BaseDatabaseWrapper, base: str, limit: int) -> None:
        """`base` is the test database's name as templates bear it; more than `limit` don't stay."""
        self._connection: Any = connection
        self._base = base
        self._limit = limit
        self._server = Server(connection)
        self._has_built = False
        self._private: list[str] = []
        self._forks: list[PostgresFork] = []

    def server(self) -> str:
        driver = self._connection.Database
        return f"{driver.__name__} {driver.__version__} PostgreSQL {self._server.version}"

    def may_create(self) -> bool:
        """Whether databases can be made at all."""
        return self._server.may_create()

    def candidates(self, key: str) -> list[Template]:
        found = []
        for name, comment in self._server.databases(prefix_of(self._base, key)).items():
            template = Template.from_text(comment)
            if template is not None and template.name == name and template.key == key:
                found.append(template)
        return sorted(found, key=lambda one: -one.used_at)

    @contextmanager
    def building(self, key: str) -> Iterator[None]:
        with self._server.lock(prefix_of(self._base, key)):
            yield

    def begin(self, name: str, template: Template | None = None) -> str:
        building = fork_of(name, BEING_MADE)
        self._has_built = True
        if template is not None:
            self._server.copy(template.name, building, template.state["settings"])
        return building

    def complete(self, template: Template, *, publish: bool) -> Template:
        building = fork_of(template.name, BEING_MADE)
        self._server.end_connections(building)
        database = RawConnection.to(building, self._connection)
        try:
            state = describe(database, self._server.settings_of(building))
        finally:
            database.close()
        complete = template._replace(state=state)
        # Copies can't be made while anybody is connected.
        self._server.refuse_connections(building)
        self._server.try_lock(template.name, shared=True)
        if publish:
            self._server.comment(building, complete.to_text())
        else:
            self._private.append(template.name)
        self._server.rename(building, template.name)
        return complete

    def discard(self, name: str) -> None:
        self._server.drop(fork_of(name, BEING_MADE))

    def forks(self, template: Template, number: int) -> list[PostgresFork]:
        self._server.try_lock(template.name, shared=True)
        if (used := template.used_now()) is not None and template.name not in self._private:
            self._server.comment(template.name, used.to_text())
        slot = 0
        found: list[PostgresFork] = []
        while len(found) < number:
            slot += 1
            name = fork_of(template.name, slot)
            if self._server.try_lock(name):
                found.append(PostgresFork(template.name, name, template.state))
        self._forks += found
        return found

    def end(self, *, keep: bool) -> None:
        for fork in self._forks:
            for name in self._server.databases(f"{fork.name}_old"):
                self._server.drop(name)
            if not keep or fork.template in self._private:
                self._server.drop(fork.name)
        if not keep:
            self._private += {fork.template for fork in self._forks}
        for name in dict.fromkeys(self._private):
            self._remove_template(name)
        if self._has_built:
            self.prune(self._limit)
        self._server.close()

    def inventory(self) -> list[Listed]:
        found = []
        for name, (our, comment) in sorted(self._all().items()):
            kind = (
                "unfinished" if our.suffix == BEING_MADE else "fork" if our.suffix else "template"
            )
            template = Template.from_text(comment)
            is_free = self._server.try_lock(_lock_of(name, our))
            if is_free:
                self._server.unlock(_lock_of(name, our))
            found.append(
                Listed(
                    name=name,
                    kind=kind,
                    size=self._server.rows("SELECT pg_database_size(%s)", [name])[0][0],
                    used_at=template.used_at if template else None,
                    is_in_use=not is_free,
                )
            )
        return found

    def prune(self, limit: int) -> list[str]:
        mine = {fork.template for fork in self._forks}
        databases = self._all()
        removed: list[str] = []
        for name, (our, _) in databases.items():
            if our.suffix and our.template not in mine:
                removed += self._remove(name, _lock_of(name, our))
        known = {
            name: Template.from_text(comment)
            for name, (our, comment) in databases.items()
            if not our.suffix
        }
        by_use = sorted(known, key=lambda name: -_used_at(known[name]))
        for place, name in enumerate(by_use):
            if name not in mine and (place >= limit or known[name] is None):
                removed += self._remove_template(name)
        return removed

    # Removing. Whatever a run uses is locked.

    def _all(self) -> dict[str, tuple[OurName, str]]:
        comments = self._server.databases(prefix_of(self._base))
        return {n: (our, c) for n, c in comments.items() if (our := parsed(n)) is not None}

    def _remove_template(self, name: str) -> list[str]:
        self._server.unlock_shared(name)
        return self._remove(name, name, also=list(self._server.databases(f"{name}_")))

    def _remove(self, name: str, lock: str, also: Iterable[str] = ()) -> list[str]:
        removed = []
        if self._server.try_lock(lock):
            for one in (*also, name):
                # It will be there the next time, too.
                with suppress(Error):
                    self._server.drop(one)
                    removed.append(one)
            self._server.unlock(lock)
        return removed


def _lock_of(name: str, our: OurName) -> str:
    """Return what is locked while a run uses a database."""
    if our.suffix == BEING_MADE:
        return prefix_of(our.base, our.key)
    slot = our.suffix.partition("_")[0]
    return fork_of(our.template, slot) if our.suffix else name


def _used_at(template: Template | None) -> float:
    return template.used_at if template is not None else 0.0
