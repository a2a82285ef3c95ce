"""Whom a change concerns that takes effect when the project is imported.

This joins what the map recorded with the graph of definitions: old and new versions of changed
files are compared, what differs is followed to functions, views, tables and the like, and the
tests that were seen to use these are the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cdds_django.impact.choice.file_changes import FileChanges
from cdds_django.impact.choice.rows import EveryTestError, Hit, Rows, union
from cdds_django.impact.code.models import (
    is_plain_field,
    is_signal,
    names_of_user_model,
    symbols_by_label,
    tables_by_class,
)
from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.words import packages_name, who_describes, who_names
from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.conventions import is_loaded_by_django
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.members import is_named_by_its_users
from cdds_django.impact.graph.modules import Modules, is_migration
from cdds_django.impact.graph.reach import Reach
from cdds_django.impact.graph.reached import Cause, Reached
from cdds_django.impact.graph.registries import Registries
from cdds_django.impact.graph.settings_use import SETTINGS_IN_USE
from cdds_django.impact.graph.sites import Sites
from cdds_django.impact.graph.subclassing import registers_subclasses
from cdds_django.impact.imports.loaded import settings_files
from cdds_django.impact.imports.record import ImportRecord
from cdds_django.impact.storage.store import ImpactMap, StoredDependency, Subject

_MAX_MEMBERS = 12
"""Looking for who names a member takes a look at all files."""


@dataclass(kw_only=True)
class ImportLevel:
    """The answer."""

    hits: list[Hit] = field(default_factory=list)
    unfollowed: list[tuple[StoredDependency, str]] = field(default_factory=list)
    """Rows whose earlier state isn't known any more, each with its present state."""
    full_run_reason: str | None = None


def follow(
    impact_map: ImpactMap,
    code: CodeState,
    subjects: Iterable[Subject],
    rows: Iterable[tuple[StoredDependency, str]],
    settings_changed: Iterable[str],
) -> ImportLevel:
    """Work out whom import-level changes concern. `rows` are those of the kinds "module" and
    "loaded" that changed, each with its present state; `settings_changed` are names of settings
    in `SETTINGS_IN_USE`."""
    return _Follower(impact_map, code, list(subjects)).follow(list(rows), settings_changed)


class _Follower:
    def __init__(self, impact_map: ImpactMap, code: CodeState, subjects: list[Subject]) -> None:
        self._map = impact_map
        self._code = code
        self._subjects = subjects
        self._test_files = frozenset(s.path for s in subjects if s.kind == "module")
        stored = impact_map.meta("import_record")
        assert stored is not None, "who imports what is known, or everything runs"
        self._record = ImportRecord.from_json(stored)
        self._tables = json.loads(impact_map.meta("tables") or "{}")
        for key, tables in tables_by_class(code.tree).items():
            self._tables[key] = sorted({*self._tables.get(key, ()), *tables})
        self._answer = ImportLevel()
        self._files = FileChanges(code, self._record)

    def follow(
        self, rows: list[tuple[StoredDependency, str]], settings_changed: Iterable[str]
    ) -> ImportLevel:
        changes = [*self._files.of_rows(rows), *self._files.of_added_files()]
        self._answer.unfollowed = self._files.unfollowed
        modules, facts = self._modules(), self._facts()
        sites = Sites(modules)
        edited = {change.path for change in changes}
        edited |= {stored.key.partition("::")[0] for stored, _ in rows if stored.kind == "loaded"}
        changes = [change for change in changes if not _only_imports(change, modules)]
        changes += self._files.newly_loaded(modules, edited)
        migrations = [change for change in changes if is_migration(change.path)]
        migrations += map(_of_file, filter(is_migration, self._code.changes.added))
        members = self._members(changes, sites)
        reached = self._walk(
            Reach(sites, facts),
            Registries(sites, facts),
            [c for c in changes if c not in members and c not in migrations],
            [stored.key for stored, _ in rows if self._is_followed(stored, modules)],
            settings_changed,
        )
        for path in sorted(edited | {change.path for change in changes}):
            if self._is_loaded_out_of_sight(path, modules, facts):
                self._answer.full_run_reason = f"{path} changed, and nobody knows who imports it"
                return self._answer
        application = self._record.application_files
        recorded = Rows(self._map, self._code, self._subjects, self._tables, application)
        try:
            self._answer.hits += recorded.reached(reached, migrations)
            for member in members:
                self._answer.hits += self._hits_of_member(member, sites, facts, recorded)
        except EveryTestError as everything_else:
            self._answer.full_run_reason = str(everything_else)
        return self._answer

    def _walk(
        self,
        reach: Reach,
        registries: Registries,
        changes: list[DefinitionChange],
        functions: list[str],
        settings_changed: Iterable[str],
    ) -> Reached:
        """Follow definitions, functions that ran at import, files that came, and settings."""
        reached = reach.walk(changes)
        for path in self._code.changes.added:
            reach.comings.appear(path)
        for path in self._files.removed():
            reach.comings.disappear(path)
        for path, change in {change.path: change for change in changes}.items():
            if path not in self._record.names and not is_migration(path):
                reach.comings.import_late(path, Cause(change=change))
        for key in functions:
            reach.run_function(key, _of_function(key))
        for name in settings_changed:
            reach.change_setting(name, SETTINGS_IN_USE[name], _of_setting(name))
        for name in reached.settings.keys() & SETTINGS_IN_USE.keys():
            use = SETTINGS_IN_USE[name].of_classes()
            reach.change_setting(name, use, reached.settings.pop(name))
        self._follow_descriptions(reach)
        registries.follow(reached)
        return reached

    def _follow_descriptions(self, reach: Reach) -> None:
        """Follow fields' descriptive options to who reads these by whatever way."""
        described = reach.reached.described
        done: set[str] = set()
        while fields := described.keys() - done:
            done |= fields
            places = who_describes(fields, self._code, set(settings_files(self._code.tree.key)))
            reach.meet(places, described[min(fields)])

    def _members(self, changes: list[DefinitionChange], sites: Sites) -> list[DefinitionChange]:
        """Return the changes that only concern who names the member that changed."""
        methods = [change for change in changes if "." in change.key][:_MAX_MEMBERS]
        return [change for change in methods if is_named_by_its_users(change, sites, packages_name)]

    def _hits_of_member(
        self, change: DefinitionChange, sites: Sites, facts: Facts, rows: Rows
    ) -> Iterator[Hit]:
        """Yield the tests that use the class and have to do with who names the member."""
        cause = Cause(change=change)
        by_class = Reach(sites, facts).walk([change])
        by_name = Reach(sites, facts)
        by_name.run_by_name(str(change), who_names(change.member, self._code), cause)
        users = union(rows.reached(by_class, ()))
        if by_name.reached.unknown is None:
            users &= union(rows.reached(by_name.reached, (), word=change.member))
        reloaded = rows.reloaded(by_class)
        yield Hit(subjects=users | union(reloaded), cause=cause)

    def _is_followed(self, stored: StoredDependency, modules: Modules) -> bool:
        """Whether a function that ran at import has to be followed: not where it is gone, which
        its class or module shows, or does nothing but import modules."""
        path, _, name = stored.key.partition("::")
        if stored.kind != "loaded" or path not in self._code.files:
            return False
        if name not in self._code.symbols(path).functions:
            return False
        versions = modules.versions(path)
        return len(versions) < 2 or not all(name in version.loaders for version in versions)

    def _is_loaded_out_of_sight(self, path: str, modules: Modules, facts: Facts) -> bool:
        """Whether something imports a file by a name that it computes."""
        return (
            path in facts.imported_early
            and path not in facts.settings_files | facts.test_files
            and not is_loaded_by_django(path)
            and not is_migration(path)
            and not modules.is_named(path)
        )

    # What the graph needs.

    def _modules(self) -> Modules:
        names = [(name, path) for path, name in self._record.names.items()]
        names += [(name, path) for path in self._code.files for name in _names_by_place(path)]
        names += [(s.name, s.path) for s in self._subjects if s.kind == "module"]
        names += [(name, path) for path in self._files.removed() for name in _names_by_place(path)]
        for path in [*self._code.files, *self._files.removed()]:
            names.append((self._code.module_name(path), path))
        models = symbols_by_label(self._code.tree)
        return Modules(self._code, names, self._files.before, models, names_of_user_model(models))

    def _facts(self) -> Facts:
        models = symbols_by_label(self._code.tree)
        return Facts(
            run_at_import=self._record.functions_run(),
            imported_early=frozenset(self._record.names),
            settings_files=frozenset(settings_files(self._code.tree.key)),
            models=models,
            is_plain_field=lambda symbol, name: is_plain_field(symbol, name, models),
            test_files=self._test_files,
            is_signal=is_signal,
            registers_subclasses=registers_subclasses,
        )


def _of_file(path: str) -> DefinitionChange:
    return DefinitionChange(path=path, key="", change="added", versions=())


def _of_function(key: str) -> Cause:
    path, _, name = key.partition("::")
    return Cause(change=DefinitionChange(path=path, key=name, change="changed", versions=()))


def _of_setting(name: str) -> Cause:
    change = DefinitionChange(path="", key=name, change="changed", versions=())
    return Cause(change=change)


def _only_imports(change: DefinitionChange, modules: Modules) -> bool:
    """Whether it is about an app's `ready()` that does nothing but import modules."""
    return change.member == "ready" and all(
        change.key in version.loaders or change.key not in version.functions
        for version in modules.versions(change.path)
    )


def _names_by_place(path: str) -> Iterator[str]:
    """Yield the dotted name that a file has where the project's root is on the path."""
    bare = path.removesuffix(".py").removesuffix("/__init__")
    if path.endswith(".py") and all(part.isidentifier() for part in bare.split("/")):
        yield bare.replace("/", ".")
