"""From what a change reaches to the rows of the map, and so to tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cdds_django.impact.choice.migrations import tables_of_migration
from cdds_django.impact.code.callbacks import ADMIN as ADMIN_VIEWS
from cdds_django.impact.code.callbacks import OPAQUE
from cdds_django.impact.code.models import AUTOMATIC_TABLES, MIGRATION_TABLE, tables_by_name
from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.words import display_of
from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.reached import Cause, Reached
from cdds_django.impact.graph.registrars import ADMIN, DATABASE, REQUESTS, TEMPLATES
from cdds_django.impact.records import EVERY_VIEW, Dependency
from cdds_django.impact.sources.templates import templates_with
from cdds_django.impact.storage.bits import bit_set
from cdds_django.impact.storage.places import USES
from cdds_django.impact.storage.store import ImpactMap, StoredDependency, Subject

_KINDS_OF_GROUPS = {REQUESTS: "path", DATABASE: "table", TEMPLATES: "template"}


class EveryTestError(Exception):
    """Raised where a change concerns all tests; says why."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Subjects that a change concerns, and how."""

    subjects: int
    cause: Cause


def union(hits: Iterable[Hit]) -> int:
    """Return the subjects of all hits."""
    bits = 0
    for hit in hits:
        bits |= hit.subjects
    return bits


class Rows:
    """Finds what tests were seen to do."""

    def __init__(
        self,
        impact_map: ImpactMap,
        code: CodeState,
        subjects: Sequence[Subject],
        tables: Mapping[str, Sequence[str]],
        application: Collection[str],
    ) -> None:
        """`tables` has those of each model, by the key of its class; `application` the files that
        Django's set-up loads."""
        self._map = impact_map
        self._code = code
        self._subjects = subjects
        self._tables = tables
        self._application = application

    def reached(
        self, reached: Reached, migrations: Iterable[DefinitionChange], *, word: str | None = None
    ) -> list[Hit]:
        """Return the tests that a change reaches; with `word` also those that used a template or
        a data file that has it. Raises EveryTestError where that is every test."""
        if reached.unknown is not None:
            cause, why = reached.unknown
            raise EveryTestError(f"{_way(cause)}: {why}")
        wanted = _Wanted(reached, self._tables)
        for change in migrations:
            wanted.add_migration(change)
        rows = self._map.used(places={*wanted.places(), USES}, kinds=wanted.kinds())
        hits = []
        for row in rows:
            found = wanted.cause_of(Dependency(row.kind, row.key))
            if found is not None and row.shared:
                raise EveryTestError(f"{_way(found)} changed, and every test depends on {row.key}")
            if found is not None:
                hits.append(Hit(subjects=row.subjects, cause=found))
        for change in migrations:
            hits += _with_a_database(change, rows, hits)
        words = {display_of(field): cause for field, cause in reached.described.items()}
        if words:
            words["choices"] = next(iter(words.values()))
        if word is not None:
            change = DefinitionChange(path="", key=word, change="changed", versions=())
            words[word] = Cause(change=change)
        for name, cause in words.items():
            hits += self._with_word(name, cause)
        return hits + self.reloaded(reached)

    def reloaded(self, reached: Reached) -> list[Hit]:
        """Return the test modules that have to be imported anew, be it for what they import.

        Where that is imported while Django is set up, it was by now.
        """
        modules = bit_set(subject.id for subject in self._subjects if subject.kind == "module")
        return [
            Hit(subjects=row.subjects & modules, cause=reached.reloaded[row.key])
            for row in self._map.used(places=reached.reloaded.keys(), kinds=())
            if row.kind == "module" and row.key not in self._application and row.subjects & modules
        ]

    def _with_word(self, word: str, cause: Cause) -> list[Hit]:
        rows = self._map.used(places=(), kinds={"template", "file"})
        templates = templates_with(word, [row.key for row in rows if row.kind == "template"])
        return [
            Hit(subjects=row.subjects, cause=cause)
            for row in rows
            if (row.key in templates if row.kind == "template" else self._has_word(row, word))
        ]

    def _has_word(self, row: StoredDependency, word: str) -> bool:
        try:
            return word.encode() in self._code.tree.path(row.key).read_bytes()
        except OSError:
            return True


def _with_a_database(
    change: DefinitionChange, rows: Sequence[StoredDependency], hits: Sequence[Hit]
) -> list[Hit]:
    """Return one test that uses a database if there is none among the hits.

    A migration that can't be applied fails all that do, and so is seen by any.
    """
    users = union(
        Hit(subjects=row.subjects, cause=Cause(change=change))
        for row in rows
        if row.kind == "table"
    )
    if not users or users & union(hits):
        return []
    return [Hit(subjects=users & -users, cause=Cause(change=change))]


class _Wanted:
    """The rows of the map that a change reaches, with the cause for each."""

    def __init__(self, reached: Reached, tables: Mapping[str, Iterable[str]]) -> None:
        self._functions = reached.functions
        self._symbols = {str(symbol): cause for symbol, cause in reached.symbols.items()}
        self._symbols.update(reached.stand_ins)
        self._modules = reached.modules
        self._settings = reached.settings
        self._groups = dict(reached.groups)
        self._tables: dict[str, Cause] = {}
        self._tables_by_name = tables_by_name()
        for key, used in tables.items():
            # Also of models that are no more.
            self._tables_by_name.setdefault(key.rpartition("::")[2].lower(), set()).update(used)
        for symbol, cause in {**reached.symbols, **reached.tables_of}.items():
            for table in tables.get(str(symbol), ()):
                self._tables.setdefault(table, cause)
            if str(symbol) in tables:
                for table in AUTOMATIC_TABLES | {MIGRATION_TABLE}:
                    self._tables.setdefault(table, cause)
        for cause in reached.described.values():
            self._tables.setdefault(MIGRATION_TABLE, cause)
        for symbol, cause in reached.symbols.items():
            if symbol.name == "urlpatterns":
                self._symbols.setdefault(EVERY_VIEW, cause)
                self._symbols.setdefault(OPAQUE, cause)
        if ADMIN in self._groups:
            self._symbols.setdefault(ADMIN_VIEWS, self._groups[ADMIN])

    def add_migration(self, change: DefinitionChange) -> None:
        cause = Cause(change=change)
        if change.is_description:
            self._tables.setdefault(MIGRATION_TABLE, cause)
            return
        tables = tables_of_migration(change, self._tables_by_name)
        if tables is None:
            self._groups.setdefault(DATABASE, cause)
        else:
            for table in tables | AUTOMATIC_TABLES | {MIGRATION_TABLE}:
                self._tables.setdefault(table, cause)

    def places(self) -> set[str]:
        """Return the files of the code that is wanted."""
        keys = [*self._functions, *self._symbols, *self._modules]
        return {key.partition("::")[0] for key in keys}

    def kinds(self) -> set[str]:
        """Return the kinds that are wanted besides code."""
        found = {_KINDS_OF_GROUPS[group] for group in self._groups if group != ADMIN}
        return found | {"setting"} if self._settings else found

    def cause_of(self, dependency: Dependency) -> Cause | None:
        """Return why a row is wanted, None if it isn't."""
        kind, key = dependency
        if kind == "code":
            path, _, name = key.partition("::")
            return self._functions.get(key) or self._symbols.get(
                f"{path}::{name.partition('.')[0]}"
            )
        wanted: dict[str, Callable[[], Cause | None]] = {
            "symbol": lambda: self._symbols.get(key),
            "table": lambda: self._tables.get(key) or self._groups.get(DATABASE),
            "path": lambda: self._groups.get(REQUESTS),
            "template": lambda: self._groups.get(TEMPLATES),
            "setting": lambda: self._settings.get(key),
            "module": lambda: self._modules.get(key),
        }
        return wanted[kind]() if kind in wanted else None


def _way(cause: Cause) -> str:
    return " → ".join([str(cause.change), *cause.via])
