"""The forks of one process: opened when it begins, brought back between tests."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connections

if TYPE_CHECKING:
    from cdds_django.runner.databases.engines import Fork


class ForkPlan(NamedTuple):
    """Which fork each worker has of each database. Picklable."""

    forks: Mapping[str, tuple[Fork, ...]] = {}
    """By the alias that a database is made through; worker `first` has the first."""
    first: int = 1
    aliases: Mapping[str, str] = {}
    """The alias that each alias in use stands for, itself or one that it mirrors."""
    can_reset: frozenset[str] = frozenset()
    """The aliases whose forks can be brought back to what the template is."""

    @property
    def are_brought_back(self) -> bool:
        """Whether no test finds other rows than the template's, whatever ran before it."""
        return self.can_reset.issuperset(self.aliases.values())

    def for_worker(self, number: int) -> ProcessForks:
        """Open a worker's forks in its own process, and connect its aliases to them."""
        found = ProcessForks(
            self, {a: copy.copy(forks[number - self.first]) for a, forks in self.forks.items()}
        )
        found.open()
        return found


class ProcessForks:
    """The databases of this process."""

    def __init__(self, plan: ForkPlan, forks: Mapping[str, Fork]) -> None:
        self._plan = plan
        self._forks = forks

    def open(self) -> None:
        """Make the databases or have them as their templates are, and mean them by the aliases."""
        for alias, fork in self._forks.items():
            _leave_to_parent(connections[alias])
            self._name(alias)
            fork.open(connections[alias])
            self._name(alias)

    def reset(self, aliases: Iterable[str]) -> list[str]:
        """Bring back databases of these aliases; return the aliases of which that can't be done."""
        left = []
        for alias in aliases:
            fork = self._fork(alias)
            if fork is None:
                left.append(alias)
            else:
                self._close_aliases(alias)
                fork.reset()
                self._name(self._plan.aliases[alias])
                _forget_rows()
        return left

    def reset_all(self) -> None:
        """Bring back every database of which that can be done."""
        self.reset([alias for alias in self._forks if alias in self._plan.can_reset])

    def reset_sequences(self, alias: str) -> bool:
        """Set an alias's sequences to where the template has them; return whether that is done."""
        fork = self._fork(alias)
        if fork is None:
            return False
        fork.reset_sequences()
        return True

    def close(self) -> None:
        for fork in self._forks.values():
            fork.close()

    def _fork(self, alias: str) -> Fork | None:
        made_through = self._plan.aliases.get(alias)
        if made_through is None or made_through not in self._plan.can_reset:
            return None
        return self._forks[made_through]

    def _close_aliases(self, alias: str) -> None:
        """Close the connections that mean the same database, unless they are in a transaction."""
        for other, made_through in self._plan.aliases.items():
            connection = connections[other]
            if made_through == self._plan.aliases[alias] and not connection.in_atomic_block:
                connection.close()

    def _name(self, alias: str) -> None:
        for other, made_through in self._plan.aliases.items():
            if made_through == alias:
                name = self._forks[alias].name
                connections[other].settings_dict["NAME"] = name
                settings.DATABASES[other]["NAME"] = name


def take_over(
    settings_dicts: Mapping[str, Mapping[str, Any]], serialized: Mapping[str, str]
) -> None:
    """Have connections as they are in the parent, in a process that wasn't forked from it."""
    for alias, wanted in settings_dicts.items():
        connections[alias].settings_dict.update(wanted)
    for alias, content in serialized.items():
        connection: Any = connections[alias]
        connection._test_serialized_contents = content


_inherited: list[Any] = []


def _leave_to_parent(connection: Any) -> None:
    """Let go of a connection that a forked process has from its parent, without a word.

    To close it would end it for the parent, too. A database in memory is the process's own.
    """
    if connection.connection is None or _is_in_memory(connection):
        return
    _inherited.append(connection.connection)
    connection.connection = None
    pools = getattr(connection, "_connection_pools", {})
    if connection.alias in pools:
        _inherited.append(pools.pop(connection.alias))


def _is_in_memory(connection: Any) -> bool:
    return connection.vendor == "sqlite" and bool(connection.is_in_memory_db())


def _forget_rows() -> None:
    """Empty Django's own caches of rows, as its receivers of `post_migrate` do after a flush."""
    for label, model in (("contenttypes", "ContentType"), ("sites", "Site")):
        if apps.is_installed(f"django.contrib.{label}"):
            manager: Any = apps.get_model(label, model).objects
            manager.clear_cache()
