"""What importing the project does: which functions it runs, which files it reads.

By the time a test runner starts, Django has imported most of a project. So a second process imports
it once more with the recorder on (`import_probe`), and this module keeps what it saw.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.records import Dependencies, Dependency


@dataclass(frozen=True, kw_only=True)
class ImportRecord:
    """What was seen while the project was imported."""

    application: Dependencies
    """What Django's set-up and the URL configuration ran and read: all tests depend on it."""
    application_files: frozenset[str]
    """The first-party files that these loaded."""
    fills: Mapping[str, Dependencies]
    """What importing a file ran and read, by the file's key, for test modules and helpers."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The dotted names of all loaded first-party modules, by the file's key."""

    def functions_run(self) -> frozenset[str]:
        """Return the keys of all functions that ran during imports."""
        everything = self.application.union(*self.fills.values())
        return frozenset(key for kind, key in everything if kind == "code")

    def surroundings(self) -> Dependencies:
        """Return what imports read that isn't code."""
        everything = self.application.union(*self.fills.values())
        return frozenset(dependency for dependency in everything if dependency.kind != "code")

    def to_json(self) -> str:
        return json.dumps(
            {
                "application": sorted(self.application),
                "application_files": sorted(self.application_files),
                "fills": {path: sorted(found) for path, found in sorted(self.fills.items())},
                "names": dict(sorted(self.names.items())),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> ImportRecord:
        stored = json.loads(text)
        return cls(
            application=_dependencies(stored["application"]),
            application_files=frozenset(stored["application_files"]),
            fills={path: _dependencies(found) for path, found in stored["fills"].items()},
            names=stored["names"],
        )


def _dependencies(pairs: Iterable[tuple[str, str]]) -> Dependencies:
    return frozenset(Dependency(kind, key) for kind, key in pairs)


def still_holds(record: ImportRecord, code: CodeState, test_modules: Iterable[str]) -> bool:
    """Whether importing the project would be seen to do the same as in `record`, by its code.

    It would where only bodies of functions changed that no import ran. `test_modules` are keys.
    """
    if code.changes.added or code.changes.removed:
        return False
    if not set(test_modules) <= record.names.keys():
        return False
    ran = record.functions_run()
    for path in code.changes.changed:
        before, now = code.stored_cut(path), code.symbols(path)
        if before is None or before.import_digest != now.import_digest:
            return False
        names = before.functions.keys() | now.functions.keys()
        edited = {n for n in names if before.functions.get(n) != now.functions.get(n)}
        if any(f"{path}::{name}" in ran for name in edited):
            return False
    return True


class ImportGraph:
    """Which first-party files each loaded file imports, wherever the statement stands."""

    def __init__(self, code: CodeState, names: Mapping[str, str]) -> None:
        self._code = code
        self._names = names
        self._paths = {name: path for path, name in names.items()}
        self._direct: dict[str, frozenset[str]] = {}
        self._on_the_way: dict[str, tuple[str, ...]] = {}

    def reached(self, starts: Iterable[str], *, stop: frozenset[str]) -> set[str]:
        """Return the files reached from `starts`, these included, not going through `stop`."""
        found: set[str] = set()
        pending = list(starts)
        while pending:
            path = pending.pop()
            if path not in found:
                found.add(path)
                pending += self._imports(path) - stop
        return found

    def _imports(self, path: str) -> frozenset[str]:
        if path not in self._direct:
            imported: set[str] = set()
            name = self._names.get(path, "")
            for dotted in (*self._code.imports(path, name or None), name):
                imported.update(self._files_of(dotted))
            self._direct[path] = frozenset(imported - {path})
        return self._direct[path]

    def _files_of(self, dotted: str) -> tuple[str, ...]:
        """Return the files that importing a name loads: for a.b.c also those of a and a.b."""
        if dotted not in self._on_the_way:
            outer = dotted.rpartition(".")[0]
            own = self._paths.get(dotted)
            before = self._files_of(outer) if outer else ()
            self._on_the_way[dotted] = (*before, own) if own is not None else before
        return self._on_the_way[dotted]
