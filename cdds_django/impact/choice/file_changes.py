"""What differs in files that changed, definition by definition, with their earlier versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.symbols import Symbols
from cdds_django.impact.graph.changes import DefinitionChange, differences, everything
from cdds_django.impact.graph.modules import Modules, is_migration
from cdds_django.impact.imports.loaded import loaded_files
from cdds_django.impact.imports.record import ImportRecord
from cdds_django.impact.storage.store import StoredDependency


class FileChanges:
    """Compares files with what the map keeps of them."""

    def __init__(self, code: CodeState, record: ImportRecord) -> None:
        self._code = code
        self._record = record
        self.before: dict[str, list[Symbols]] = {}
        """Earlier versions of what was asked for, by key."""
        self.unfollowed: list[tuple[StoredDependency, str]] = []
        """Rows whose earlier state isn't known any more, each with its present state."""

    def of_rows(self, rows: Iterable[tuple[StoredDependency, str]]) -> Iterator[DefinitionChange]:
        """Yield what differs in the files of rows of the kinds "module" and "loaded"."""
        for stored, state in rows:
            if stored.kind != "module":
                path = stored.key.partition("::")[0]
                before = self._code.stored_cut(path)
                if before is not None and not self.before.get(path):
                    self.before[path] = [before]
                continue
            before = self._code.earlier(stored.key, stored.fingerprint)
            if before is not None and self._is_gone(stored):
                self.before.setdefault(stored.key, []).append(before)
                yield from everything(stored.key, before, "removed")
                continue
            is_source = stored.key.endswith(".py") and stored.key in self._code.files
            if before is None or not is_source or _is_unreadable(state):
                self.unfollowed.append((stored, state))
                continue
            self.before.setdefault(stored.key, []).append(before)
            yield from differences(stored.key, before, self._code.symbols(stored.key))

    def _is_gone(self, stored: StoredDependency) -> bool:
        """Whether it is about a file that was removed, and that its definitions speak for."""
        return (
            stored.shared
            and stored.key not in self._code.files
            and stored.key.endswith(".py")
            and not stored.key.endswith("__init__.py")
            and not is_migration(stored.key)
        )

    def removed(self) -> list[str]:
        """Return the keys of compared files that are gone."""
        return sorted(path for path in self.before if path not in self._code.files)

    def of_added_files(self) -> Iterator[DefinitionChange]:
        """Yield all that new files say."""
        for path in sorted(self._code.changes.added):
            yield from everything(path, self._code.symbols(path), "added")

    def newly_loaded(self, modules: Modules, edited: Iterable[str]) -> list[DefinitionChange]:
        """Return what modules do that come into effect, or go out of it, by an import statement."""
        found: list[DefinitionChange] = []
        loaded = {key for key in map(self._code.tree.key, loaded_files()) if key is not None}
        for path in edited:
            now = modules.present(path)
            before = self.before.get(path, [])
            imported_before = {name for version in before for name in version.imports}
            imported_now = set(now.imports) if now is not None else set()
            for name in imported_before ^ imported_now:
                target = modules.path_of(name)
                if target is None or target not in self._code.files:
                    continue
                known = target in self._record.names
                if name in imported_now and not known:
                    found += everything(target, self._code.symbols(target), "added")
                elif name not in imported_now and target not in loaded:
                    found += everything(target, self._code.symbols(target), "removed")
        return [change for change in found if _does_something(change)]


def _does_something(change: DefinitionChange) -> bool:
    return any(version.calls or version.bases for version in change.versions)


def _is_unreadable(state: str) -> bool:
    return state.startswith("unreadable ")
