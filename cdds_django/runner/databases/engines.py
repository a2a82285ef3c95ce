"""What every database engine has to provide for templates and forks."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from cdds_django.runner.databases.templates import Listed, Template


class Fork(Protocol):
    """One worker's database. Picklable until it is opened in the worker's process."""

    name: str
    """What the connection's NAME is to be."""
    template: str

    def open(self, connection: BaseDatabaseWrapper) -> None:
        """Make the database, or have it as the template is."""

    def reset(self) -> None:
        """Bring it back to what the template is. Nobody may be in the middle of a transaction."""

    def reset_sequences(self) -> None:
        """Set sequences to where they stand in the template."""

    def close(self) -> None:
        """Give back what belongs to this process."""


class Engine(Protocol):
    """The templates of one test database, on one kind of server."""

    can_reset: bool
    """Whether forks can be brought back to what the template is."""

    def server(self) -> str:
        """Return the driver, the server and their versions."""

    def candidates(self, key: str) -> list[Template]:
        """Return the templates made from what `key` stands for, the last used first."""

    def building(self, key: str) -> AbstractContextManager[None]:
        """Wait until nobody else makes a template from the same."""

    def begin(self, name: str, template: Template | None = None) -> str:
        """Return the name of the database that is to become template `name`.

        It holds what `template` does; without one it isn't there yet.
        """

    def complete(self, template: Template, *, publish: bool) -> Template:
        """Turn the database, which nobody uses any more, into the template.

        Only a published one is found by later runs.
        """

    def discard(self, name: str) -> None:
        """Remove what `begin` began and nobody completed."""

    def forks(self, template: Template, number: int) -> list[Any]:
        """Return that many forks that no other run uses, and keep the template for them."""

    def inventory(self) -> list[Listed]:
        """Return all that there is of this test database's templates and forks."""

    def prune(self, limit: int) -> list[str]:
        """Remove what no run uses, but the `limit` templates that were used last.

        Return the names of what was removed.
        """

    def end(self, *, keep: bool) -> None:
        """Remove what isn't to be found by a later run, and give back what was locked."""
