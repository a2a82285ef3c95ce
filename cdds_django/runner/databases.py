"""Test databases: made once, kept while that is right, one for each worker.

Workers' databases are cloned afresh for every run. Runs at the same time in one checkout don't
share any.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import SimpleTestCase, TestCase, TransactionTestCase
from django.test.runner import DiscoverRunner

from cdds_django.errors import StateFileError
from cdds_django.impact.records import Dependencies
from cdds_django.runner.kept_databases import KeptDatabases
from cdds_django.runner.own_names import only_user, own_names


@dataclass(kw_only=True)
class PreparedDatabases:
    """The databases of one run."""

    reused: bool
    """Whether an earlier run made them."""
    prepared_by: Dependencies
    """What ran when they were made; the runner fills it in when that was now."""
    old_config: list[tuple[Any, str, bool]]
    """As Django's `setup_databases` returns it: connection, former name, whether made there."""
    verbosity: int
    workers: int = 0
    is_left_clean: bool = False
    """Whether the next run finds them as this one did."""
    is_finished: bool = False
    """Whether the run came to its end."""
    _are_cloned: bool = False

    def clone(self) -> None:
        """Give each worker a database of its own, as the prepared one is."""
        self.destroy_clones()
        for creation in self._made():
            for worker in range(1, self.workers + 1):
                creation.clone_test_db(suffix=str(worker), verbosity=self.verbosity, keepdb=False)
        self._are_cloned = True

    def clone_for(self, worker: int) -> None:
        """Give one worker a new database, in place of the one that it had."""
        for creation in self._made():
            if creation.connection.vendor == "postgresql":
                _drop_clones(creation, [worker])
            creation.clone_test_db(suffix=str(worker), verbosity=0, keepdb=False)

    def destroy_clones(self) -> None:
        for creation in self._made():
            if creation.connection.vendor == "postgresql":
                _drop_clones(creation, range(1, self.workers + 1))
            elif self._are_cloned:
                for worker in range(1, self.workers + 1):
                    creation.destroy_test_db(suffix=str(worker), verbosity=0, keepdb=False)
        self._are_cloned = False

    def files(self) -> Iterator[str]:
        """Yield the paths of databases that are files, of the workers' too."""
        for creation in self._made():
            if creation.connection.vendor == "sqlite":
                yield str(creation.connection.settings_dict["NAME"])
                for worker in range(1, self.workers + 1):
                    yield str(creation.get_test_db_clone_settings(str(worker))["NAME"])

    def _made(self) -> list[Any]:
        return [connection.creation for connection, _, is_first in self.old_config if is_first]


def _drop_clones(creation: Any, workers: Collection[int]) -> None:
    """Drop the workers' databases where they are there, whoever is still connected.

    Django waits a second for each to be left alone; processes that died need not be waited for.
    """
    if not workers:
        return
    with creation._nodb_cursor() as cursor:
        for worker in workers:
            name = creation.get_test_db_clone_settings(str(worker))["NAME"]
            quoted = creation.connection.ops.quote_name(name)
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")


@contextmanager
def prepared_databases(
    aliases: Mapping[str, bool],
    *,
    runner: DiscoverRunner,
    run: str,
    state_dir: Path,
    keep: bool,
    anew: bool,
    workers: int,
    tests: Iterable[Any],
) -> Iterator[PreparedDatabases]:
    """Make or reuse the test databases, with a clone for each of `workers`; clean up at the end.

    `aliases` says which are used, and whether their content is wanted for `serialized_rollback`.
    With `keep` they stay for the next run, unless `anew` asks for new ones now. `run` is unique to
    this run.
    """
    with ExitStack() as stack:
        kept = KeptDatabases(state_dir, aliases)
        if not stack.enter_context(only_user(state_dir, kept.aliases)):
            runner.log("Another test run uses the test databases; this one makes its own.")
            stack.enter_context(own_names(kept.aliases, run))
            keep = False
        reuse = keep and not anew and kept.usable()
        keep = keep and _begin(kept)
        # Nobody has to be asked before a database goes that a run of ours left behind.
        runner.interactive = runner.interactive and not kept.made_by_us()
        prepared = stack.enter_context(_set_up(aliases, runner, kept, reuse=reuse, keep=keep))
        prepared.is_left_clean = workers > 0 or not leaves_databases_changed(tests)
        prepared.workers = workers
        with runner.time_keeper.timed("  Cloning"):
            prepared.clone()
        yield prepared
        prepared.is_finished = True


def _begin(kept: KeptDatabases) -> bool:
    """Say that a run uses the databases; return whether there is a place to say so."""
    try:
        kept.begin()
    except StateFileError:
        return False  # With --no-record, nothing else needs the state directory.
    return True


@contextmanager
def _set_up(
    aliases: Mapping[str, bool],
    runner: DiscoverRunner,
    kept: KeptDatabases,
    *,
    reuse: bool,
    keep: bool,
) -> Iterator[PreparedDatabases]:
    timed = runner.time_keeper.timed
    runner.keepdb = reuse
    with timed("Total database setup"):
        old_config = runner.setup_databases(
            aliases=aliases,
            serialized_aliases={alias for alias, serialize in aliases.items() if serialize},
        )
    prepared = PreparedDatabases(
        reused=reuse,
        prepared_by=kept.prepared_by(),
        old_config=old_config,
        verbosity=runner.verbosity,
    )
    try:
        if keep and not reuse:
            kept.mark()
        yield prepared
    finally:
        with timed("Total database teardown"):
            prepared.destroy_clones()
            runner.keepdb = keep
            runner.teardown_databases(old_config)
    if keep and prepared.is_finished and prepared.is_left_clean:
        kept.end(prepared.prepared_by)


def leaves_databases_changed(tests: Iterable[Any]) -> bool:
    """Whether running these in the prepared database itself may leave it in another state.

    TransactionTestCase flushes after each test, and with it rows that migrations had inserted
    (https://docs.djangoproject.com/en/stable/topics/testing/tools/#transactiontestcase). Nothing
    keeps unittest's own TestCase from writing.
    """
    return any(
        not isinstance(test, SimpleTestCase)
        or (isinstance(test, TransactionTestCase) and not isinstance(test, TestCase))
        for test in tests
    )
