"""Whom a change concerns that takes effect when the project is imported.

This joins what the map recorded with the graph of definitions: old and new versions of changed
files are compared, what differs is followed to functions, views, tables and the like, and the
tests that were seen to use these are the answer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from cdds_django.impact.bits import bit_set
from cdds_django.impact.callbacks import ADMIN as ADMIN_VIEWS
from cdds_django.impact.callbacks import OPAQUE
from cdds_django.impact.code import CodeState
from cdds_django.impact.graph.changes import DefinitionChange, differences, everything
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Modules, is_migration
from cdds_django.impact.graph.reach import Reach
from cdds_django.impact.graph.reached import EVERY_VIEW, Cause, Reached
from cdds_django.impact.graph.registrars import ADMIN, DATABASE, REQUESTS, TEMPLATES
from cdds_django.impact.graph.settings_use import SETTINGS_IN_USE
from cdds_django.impact.graph.subclassing import registers_subclasses
from cdds_django.impact.imports import ImportRecord
from cdds_django.impact.migrations import tables_of_migration
from cdds_django.impact.models import (
    AUTOMATIC_TABLES,
    MIGRATION_TABLE,
    is_signal,
    names_of_user_model,
    symbols_by_label,
    tables_by_class,
    tables_by_name,
)
from cdds_django.impact.places import USES
from cdds_django.impact.records import Dependency
from cdds_django.impact.store import ImpactMap, StoredDependency, Subject
from cdds_django.impact.symbols import Symbols

_KINDS_OF_GROUPS = {REQUESTS: "path", DATABASE: "table", TEMPLATES: "template"}


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Subjects that a change concerns, and how."""

    subjects: int
    cause: Cause


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
        stored = impact_map.meta("import_record")
        assert stored is not None, "who imports what is known, or everything runs"
        self._record = ImportRecord.from_json(stored)
        self._tables = json.loads(impact_map.meta("tables") or "{}")
        for key, tables in tables_by_class(code.tree).items():
            self._tables[key] = sorted({*self._tables.get(key, ()), *tables})
        self._answer = ImportLevel()
        self._before: dict[str, list[Symbols]] = {}

    def follow(
        self, rows: list[tuple[StoredDependency, str]], settings_changed: Iterable[str]
    ) -> ImportLevel:
        changes = [*self._differences(rows), *self._of_added_files()]
        modules = self._modules()
        reach = Reach(modules, self._facts())
        changes += self._newly_loaded(modules, changes)
        migrations = [change for change in changes if is_migration(change.path)]
        reached = reach.walk(change for change in changes if not is_migration(change.path))
        for path in self._code.changes.added:
            reach.appear(path)
        for stored, _ in rows:
            if stored.kind == "loaded" and self._is_followed(stored):
                reach.run_function(stored.key, _of_function(stored.key))
        for name in settings_changed:
            reach.change_setting(name, SETTINGS_IN_USE[name], _of_setting(name))
        for name in reached.settings.keys() & SETTINGS_IN_USE.keys():
            use = SETTINGS_IN_USE[name].of_classes()
            reach.change_setting(name, use, reached.settings.pop(name))
        if reached.unknown is not None:
            cause, why = reached.unknown
            self._answer.full_run_reason = f"{_subject(cause)}: {why}"
        else:
            self._find(reached, migrations)
        return self._answer

    # What changed.

    def _differences(self, rows: list[tuple[StoredDependency, str]]) -> Iterator[DefinitionChange]:
        for stored, state in rows:
            if stored.kind != "module":
                continue
            before = self._code.earlier(stored.key, stored.fingerprint)
            if before is None or stored.key not in self._code.files or _is_unreadable(state):
                self._answer.unfollowed.append((stored, state))
                continue
            self._before.setdefault(stored.key, []).append(before)
            yield from differences(stored.key, before, self._code.symbols(stored.key))

    def _is_followed(self, stored: StoredDependency) -> bool:
        path, _, name = stored.key.partition("::")
        return path in self._code.files and name in self._code.symbols(path).functions

    def _of_added_files(self) -> Iterator[DefinitionChange]:
        for path in sorted(self._code.changes.added):
            yield from everything(path, self._code.symbols(path), "added")

    def _newly_loaded(
        self, modules: Modules, changes: list[DefinitionChange]
    ) -> list[DefinitionChange]:
        """Return what modules do that come into effect, or go out of it, by an import statement."""
        found: list[DefinitionChange] = []
        loaded = {key for key in map(self._code.tree.key, _loaded_files()) if key is not None}
        for path in {change.path for change in changes}:
            now, *before = modules.versions(path)
            imported_before = {name for version in before for name in version.imports}
            for name in imported_before ^ set(now.imports):
                target = modules.path_of(name)
                if target is None or target not in self._code.files or target in self._before:
                    continue
                known = target in self._record.names
                if name in now.imports and not known:
                    found += everything(target, self._code.symbols(target), "added")
                elif name not in now.imports and target not in loaded:
                    found += everything(target, self._code.symbols(target), "removed")
        return [change for change in found if _does_something(change)]

    # What the graph needs.

    def _modules(self) -> Modules:
        names = [(name, path) for path, name in self._record.names.items()]
        names += [(name, path) for path in self._code.files for name in _names_by_place(path)]
        names += [(s.name, s.path) for s in self._subjects if s.kind == "module"]
        for path in self._code.files:
            names.append((self._code.module_name(path), path))
        models = symbols_by_label(self._code.tree)
        return Modules(self._code, names, self._before, models, names_of_user_model(models))

    def _facts(self) -> Facts:
        return Facts(
            run_at_import=self._record.functions_run(),
            settings_files=frozenset(_settings_files(self._code.tree.key)),
            models=symbols_by_label(self._code.tree),
            test_files=frozenset(s.path for s in self._subjects if s.kind == "module"),
            is_signal=is_signal,
            registers_subclasses=registers_subclasses,
        )

    # Whom it concerns.

    def _find(self, reached: Reached, migrations: list[DefinitionChange]) -> None:
        wanted = _Wanted(reached, self._tables)
        for change in migrations:
            wanted.add_migration(change)
        rows = self._map.used(places={*wanted.places(), USES}, kinds=wanted.kinds())
        for row in rows:
            cause = wanted.cause_of(Dependency(row.kind, row.key))
            if cause is None:
                continue
            if row.shared:
                self._answer.full_run_reason = (
                    f"{_subject(cause)} changed, which concerns {row.key}, and so every test"
                )
                return
            self._answer.hits.append(Hit(subjects=row.subjects, cause=cause))
        for subject in self._subjects:
            if subject.kind == "module" and subject.path in reached.reloaded:
                self._answer.hits.append(
                    Hit(subjects=bit_set([subject.id]), cause=reached.reloaded[subject.path])
                )


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
        for symbol, cause in reached.symbols.items():
            if symbol.name == "urlpatterns":
                self._symbols.setdefault(EVERY_VIEW, cause)
                self._symbols.setdefault(OPAQUE, cause)
        if ADMIN in self._groups:
            self._symbols.setdefault(ADMIN_VIEWS, self._groups[ADMIN])

    def add_migration(self, change: DefinitionChange) -> None:
        cause = Cause(change=change)
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


def _subject(cause: Cause) -> str:
    return " → ".join([str(cause.change), *cause.via])


def _of_function(key: str) -> Cause:
    path, _, name = key.partition("::")
    return Cause(change=DefinitionChange(path=path, key=name, change="changed", versions=()))


def _of_setting(name: str) -> Cause:
    change = DefinitionChange(path="", key=name, change="changed", versions=())
    return Cause(change=change)


def _does_something(change: DefinitionChange) -> bool:
    return any(version.calls or version.bases for version in change.versions)


def _is_unreadable(state: str) -> bool:
    return state.startswith("unreadable ")


def _names_by_place(path: str) -> Iterator[str]:
    """Yield the dotted name that a file has where the project's root is on the path."""
    bare = path.removesuffix(".py").removesuffix("/__init__")
    if path.endswith(".py") and all(part.isidentifier() for part in bare.split("/")):
        yield bare.replace("/", ".")


def _settings_files(key_of: Callable[[str], str | None]) -> Iterator[str]:
    """Yield the files of the settings module and of the modules whose names it takes over."""
    name = getattr(settings, "SETTINGS_MODULE", None)
    if not isinstance(name, str):
        return
    package = name.rpartition(".")[0]
    for other, module in list(sys.modules.items()):
        if other == name or (package and other.startswith(f"{package}.") and "settings" in other):
            key = key_of(getattr(module, "__file__", None) or "<none>")
            if key is not None:
                yield key


def _loaded_files() -> Iterator[str]:
    """Yield the files of all loaded modules."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str):
            yield file
