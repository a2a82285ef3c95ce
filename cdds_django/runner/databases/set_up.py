"""What stands in for Django's making and destroying of one test database.

Django's own set-up, and a project's that overrides it, is called as ever, so that mirrors, order
and serialisation are theirs. What it calls for each database finds a template and forks it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections
from django.test.runner import DiscoverRunner

from cdds_django.runner.databases.building import Builder, close, name_it
from cdds_django.runner.databases.forks import ForkPlan
from cdds_django.runner.databases.names import new_template

if TYPE_CHECKING:
    from cdds_django.runner.databases.engines import Fork
    from cdds_django.runner.databases.groups import Group


class SetUp:
    """The set-up of one run."""

    def __init__(
        self, runner: DiscoverRunner, builder: Builder, *, anew: bool, workers: int
    ) -> None:
        self._builder = builder
        self._anew = anew
        self._workers = workers
        self._is_resolved = False
        # What a project does after Django's set-up belongs to every fork, and is done in each run.
        self._is_customized = type(runner).setup_databases is not DiscoverRunner.setup_databases
        self._private: dict[str, str] = {}
        self.opened: dict[str, Fork] = {}
        """This process's forks, by the alias that each database is made through."""

    @contextmanager
    def standing_in(self) -> Iterator[None]:
        """Replace what Django calls for each database that can be forked."""
        with ExitStack() as stack:
            for group in self._builder.groups:
                for alias in group.aliases:
                    creation: Any = connections[alias].creation
                    creation.create_test_db = partial(self._create, group, alias)
                    creation.destroy_test_db = partial(self._destroy, alias)
                    stack.callback(vars(creation).pop, "create_test_db")
                    stack.callback(vars(creation).pop, "destroy_test_db")
            yield

    def finished(self, aliases: Mapping[str, Any], resettable: frozenset[str]) -> ForkPlan:
        """Return what workers need, when all of Django's and the project's set-up is done."""
        for group in self._builder.groups:
            if group.alias in self._private:
                self._keep_customized(group)
            if self._workers:
                # What is connected to can't be copied, and workers would inherit it.
                for alias in group.aliases:
                    close(connections[alias])
                self.opened[group.alias].close()
        stands_for = {a: group.alias for group in self._builder.groups for a in group.aliases}
        for alias in aliases:
            mirrored = connections[alias].settings_dict["TEST"]["MIRROR"]
            if mirrored in stands_for:
                stands_for[alias] = stands_for[mirrored]
                close(connections[alias])
                connections[alias].settings_dict["NAME"] = connections[mirrored].settings_dict[
                    "NAME"
                ]
        return ForkPlan(
            forks={group.alias: tuple(group.forks) for group in self._builder.groups},
            aliases=stands_for,
            can_reset=resettable,
        )

    def _create(
        self, group: Group, alias: str, verbosity: int = 1, *args: Any, **kwargs: Any
    ) -> str:
        if not self._is_resolved:
            self._is_resolved = True
            self._builder.resolve(anew=self._anew, verbosity=verbosity)
            for one in self._builder.groups:
                self._enter(one)
        connection: Any = connections[alias]
        if not self._builder.has_built and verbosity >= 1:
            display = connection.creation._get_database_display_str(
                verbosity, connection.settings_dict["NAME"]
            )
            connection.creation.log(f"Using existing test database for alias {display}...")
        connection.ensure_connection()
        return str(connection.settings_dict["NAME"])

    def _enter(self, group: Group) -> None:
        """Have this process mean a database that is as the template."""
        if self._is_customized:
            assert group.template is not None, "it was resolved"
            name = self._private[group.alias] = new_template(group.base, group.key)
            name_it(group, group.engine.begin(name, group.template))
        else:
            self._fork(group)

    def _fork(self, group: Group) -> None:
        assert group.template is not None, "it was resolved"
        close(group.connection)
        group.forks = list(group.engine.forks(group.template, max(self._workers, 1)))
        # Workers are sent forks that nobody has opened.
        opened = self.opened[group.alias] = copy.copy(group.forks[0])
        name_it(group, opened.name)
        opened.open(group.connection)
        name_it(group, opened.name)

    def _keep_customized(self, group: Group) -> None:
        """Make what the project made of a database the template of this run's forks."""
        assert group.template is not None, "it was resolved"
        for alias in group.aliases:
            close(connections[alias])
        made = group.template._replace(name=self._private.pop(group.alias))
        group.template = group.engine.complete(made, publish=False)
        self._fork(group)

    def _destroy(
        self, alias: str, old_database_name: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Leave the database; what isn't kept goes when all of the run is over."""
        close(connections[alias])
        if old_database_name is not None:
            settings.DATABASES[alias]["NAME"] = old_database_name
            connections[alias].settings_dict["NAME"] = old_database_name
