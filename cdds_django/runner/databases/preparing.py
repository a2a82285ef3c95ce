"""The databases of a run: templates found or made, forks for its processes, and all put back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connections
from django.test.runner import DiscoverRunner

from cdds_django.errors import CddsError
from cdds_django.impact.code.tree import SourceTree
from cdds_django.runner.databases.forks import ForkPlan, ProcessForks
from cdds_django.runner.databases.set_up import SetUp
from cdds_django.runner.databases.wanted import Wanted, builder_for

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder
    from cdds_django.impact.records import Dependencies, Recording
    from cdds_django.runner.databases.building import Builder
    from cdds_django.runner.databases.groups import Group


class PreparedDatabases:
    """The databases of one run."""

    def __init__(self, builder: Builder, plan: ForkPlan, here: ProcessForks) -> None:
        self.reused = bool(builder.groups) and not builder.has_built
        """Whether earlier runs made all templates."""
        self.prepared_by: Dependencies = builder.prepared_by()
        """What ran when the templates were made; every test depends on it."""
        self.recordings: Sequence[Recording] = builder.recordings
        """What the run's recorder saw till templates were made, if that was now."""
        self.plan = plan
        """What workers run tests in."""
        self.here = here
        """What this process is connected to, as the first worker will be."""

    def files(self) -> Iterator[str]:
        """Yield the paths of databases that are files."""
        for alias, forks in self.plan.forks.items():
            if connections[alias].vendor == "sqlite":
                for fork in forks:
                    yield from (fork.name, fork.template)


@contextmanager
def prepared_databases(
    aliases: Mapping[str, bool],
    *,
    runner: DiscoverRunner,
    wanted: Wanted,
    tree: SourceTree,
    recorder: Recorder | None,
) -> Iterator[PreparedDatabases]:
    """Find or make templates, and forks of them for each process; clean up at the end.

    `aliases` says which databases are used, and whether their content is wanted for
    `serialized_rollback`. `recorder` is the run's, if it has one. Raises CddsError.
    """
    with builder_for(aliases, wanted=wanted, tree=tree, recorder=recorder) as builder:
        groups = builder.groups
        if wanted.workers:
            _require_all(aliases, groups)
        resettable = frozenset(
            alias
            for group in groups
            for alias in group.aliases
            if group.engine.can_reset and not wanted.flush
        )
        set_up = SetUp(runner, builder, anew=wanted.anew, workers=wanted.workers)
        with set_up.standing_in():
            serialized = {alias for alias, wants in aliases.items() if wants} - resettable
            with runner.time_keeper.timed("Total database setup"):
                old_config = runner.setup_databases(aliases=aliases, serialized_aliases=serialized)
            try:
                plan = set_up.finished(aliases, resettable)
                yield PreparedDatabases(builder, plan, ProcessForks(plan, set_up.opened))
            finally:
                for fork in set_up.opened.values():
                    fork.close()
                with runner.time_keeper.timed("Total database teardown"):
                    runner.teardown_databases(old_config)


def _require_all(aliases: Collection[str], groups: Sequence[Group]) -> None:
    """Raise CddsError where a database can't be made for each worker."""
    forked = {alias for group in groups for alias in group.aliases}
    for alias in sorted(aliases):
        if alias not in forked and not connections[alias].settings_dict["TEST"]["MIRROR"]:
            raise CddsError(
                f"The user of the database '{alias}' may not create databases, so workers can't "
                "have their own. Give it that right (ALTER ROLE … CREATEDB), or pass "
                "--parallel=1 to use the test database that is there."
            )
