"""Templates on other servers, copied by Django's own way of cloning a test database.

A copy takes as long as Django takes for it, and can't be brought back to what the template is but
by flushing it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import Error

from cdds_django.runner.databases.names import parsed
from cdds_django.runner.databases.shelved import ShelvedEngine
from cdds_django.runner.databases.templates import Template


@dataclass(kw_only=True)
class ClonedFork:
    """A copy of a template. Picklable."""

    template: str
    slot: int
    name: str

    def open(self, connection: BaseDatabaseWrapper) -> None:
        connection.settings_dict["NAME"] = self.template
        creation: Any = connection.creation
        creation._clone_test_db(suffix=str(self.slot), verbosity=0, keepdb=False)
        connection.close()

    def reset(self) -> None:
        raise NotImplementedError("Databases of this kind are flushed by Django.")

    def reset_sequences(self) -> None:
        raise NotImplementedError("Sequences of this kind are reset by Django.")

    def close(self) -> None:
        """Do nothing: there is no connection but Django's."""


class ClonedEngine(ShelvedEngine[ClonedFork]):
    """The templates of one test database."""

    can_reset = False

    def server(self) -> str:
        driver, creation = self._connection.Database, self._connection.creation
        with creation._nodb_cursor() as cursor:
            version: Any = cursor.db.get_database_version()
        return f"{driver.__name__} {self._connection.vendor} {version}"

    def begin(self, name: str, template: Template | None = None) -> str:
        # There is no way to rename it later; it counts once its particulars are written.
        self._has_built = True
        self._private.append(name)
        if template is not None:
            self._copy(template.name, name)
        return name

    def complete(self, template: Template, *, publish: bool) -> Template:
        self._connection.close()
        self._shelf.try_lock(template.name, shared=True)
        if publish:
            self._shelf.put(template)
            self._private.remove(template.name)
        return template

    def discard(self, name: str) -> None:
        self._drop(name)
        self._private.remove(name)

    def forks(self, template: Template, number: int) -> list[ClonedFork]:
        self._hold(template)
        found = [
            ClonedFork(template=template.name, slot=slot, name=name)
            for slot, name in self._slots(template, number)
        ]
        self._forks += found
        return found

    def _copy(self, template: str, name: str) -> None:
        """Copy a template under a name of its own. Django only knows suffixes."""
        creation: Any = self._connection.creation
        self._connection.settings_dict["NAME"] = template
        original = creation.get_test_db_clone_settings
        creation.get_test_db_clone_settings = lambda suffix: {**original(suffix), "NAME": name}
        try:
            creation._clone_test_db(suffix="", verbosity=0, keepdb=False)
        finally:
            del creation.get_test_db_clone_settings

    def _drop(self, name: str) -> None:
        if parsed(name) is None:
            raise ValueError(f"{name} isn't a database of cdds_django.")
        # What was never made needs no dropping.
        with suppress(Error):
            self._connection.close()
            self._connection.creation._destroy_test_db(name, verbosity=0)

    def _drop_fork(self, fork: ClonedFork) -> None:
        self._drop(fork.name)

    def _size(self, name: str) -> int:
        return 0
