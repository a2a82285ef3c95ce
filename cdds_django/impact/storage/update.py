"""Writing what a run learnt into the map."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cdds_django.impact.code.state import CodeState, module_name
from cdds_django.impact.code.symbols import outline, to_json
from cdds_django.impact.imports.record import ImportGraph
from cdds_django.impact.records import Dependencies, Dependency
from cdds_django.impact.storage.bits import bit_set, pack, unpack
from cdds_django.impact.storage.history import write_history
from cdds_django.impact.storage.places import CODE_KINDS, IMPORT_LEVEL_KINDS, place_of
from cdds_django.impact.storage.run_record import (
    IMPORTS_UNKNOWN,
    Dependents,
    RunRecord,
    dependents,
)
from cdds_django.impact.storage.store import rewriting

UNSETTLED = "unsettled"
"""The fingerprint of a thing that changed while tests ran: no later state equals it."""

Fingerprints = Callable[[Iterable[Dependency]], Mapping[Dependency, str]]


def update_map(
    path: Path,
    run: RunRecord,
    *,
    code: CodeState,
    graph: ImportGraph,
    fingerprints: Fingerprints,
    version: str,
    affected: int | None = None,
) -> str | None:
    """Replace the map at `path` by one that knows `run`. Raises StateFileError.

    `version` is unique to what is written; the version that it replaces is returned, if there is.
    `fingerprints` gives the states of things that aren't code. `affected` are the subjects that
    a change at import level may have affected, as bits, where that was worked out: all others are
    taken to depend on the present state from now on.
    """
    edited = code.edited_since_taken()
    with rewriting(path) as connection:
        replaced = _write_version(connection, version)
        numbers = _write_subjects(connection, run, code)
        write_history(connection, run, tests=numbers.tests, removed=numbers.removed)
        found = dependents(run, graph, tests=numbers.tests, modules=numbers.modules)
        seen_anew = bit_set(
            [
                *(numbers.tests[test] for test in run.outcomes if test in numbers.tests),
                *(numbers.modules[module] for module in run.complete),
                *numbers.removed,
            ]
        )
        data = code.data_edited(run.files_read())
        writer = _DependencyWriter(connection, code, fingerprints, edited, data)
        writer.write(found, seen_anew, affected)
        _write_files(connection, code, edited)
        _write_meta(connection, run, fingerprints)
    return replaced


def _write_version(connection: sqlite3.Connection, version: str) -> str | None:
    before = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('version', ?)", [version])
    return before[0] if before else None


@dataclass(kw_only=True)
class _Numbers:
    """The ids of subjects, which are the places of their bits."""

    tests: dict[str, int]
    modules: dict[str, int]
    removed: set[int] = field(default_factory=set)


def _write_subjects(connection: sqlite3.Connection, run: RunRecord, code: CodeState) -> _Numbers:
    numbers = _Numbers(tests={}, modules={})
    paths: dict[str, str] = {}
    for number, kind, name, path in connection.execute(
        "SELECT id, kind, name, path FROM subject"
    ).fetchall():
        (numbers.tests if kind == "test" else numbers.modules)[name] = number
        if kind == "module":
            paths[name] = path
    gone = {name for name, path in paths.items() if path not in code.files} - run.modules.keys()
    for module in gone | run.complete:
        connection.execute("DELETE FROM listing WHERE module = ?", [module])
    for module in gone:
        numbers.removed.add(numbers.modules.pop(module))

    # Ids are given densely: they are places in bit sets.
    free = _free_numbers(numbers)
    for module in sorted(run.complete):
        number = numbers.modules.setdefault(module, -1)
        if number < 0:
            number = numbers.modules[module] = next(free)
        _put_subject(connection, number, "module", module, run.modules[module])
        for position, test in enumerate(run.members[module]):
            if test not in numbers.tests:
                numbers.tests[test] = next(free)
                _put_subject(connection, numbers.tests[test], "test", test, "")
            connection.execute(
                "INSERT INTO listing VALUES (?, ?, ?)", [module, position, numbers.tests[test]]
            )
    _write_outcomes(connection, run, numbers)
    _remove_unlisted(connection, numbers)
    return numbers


def _free_numbers(numbers: _Numbers) -> Iterator[int]:
    taken = {*numbers.tests.values(), *numbers.modules.values(), *numbers.removed}
    number = 0
    while True:
        if number not in taken:
            yield number
        number += 1


def _put_subject(
    connection: sqlite3.Connection, number: int, kind: str, name: str, path: str
) -> None:
    connection.execute(
        "INSERT INTO subject VALUES (?, ?, ?, ?, 'not_run', 0, '[]')"
        " ON CONFLICT (kind, name) DO UPDATE SET path = excluded.path",
        [number, kind, name, path],
    )


def _write_outcomes(connection: sqlite3.Connection, run: RunRecord, numbers: _Numbers) -> None:
    connection.executemany(
        "UPDATE subject SET outcome = ?, duration_s = ?, tags = ? WHERE id = ?",
        [
            (outcome.outcome, outcome.duration_s, json.dumps(sorted(outcome.tags)), number)
            for test, outcome in run.outcomes.items()
            if (number := numbers.tests.get(test)) is not None
        ],
    )


def _remove_unlisted(connection: sqlite3.Connection, numbers: _Numbers) -> None:
    unlisted = connection.execute(
        "SELECT id, name FROM subject WHERE kind = 'test' AND id NOT IN (SELECT test FROM listing)"
    ).fetchall()
    for number, name in unlisted:
        numbers.removed.add(number)
        numbers.tests.pop(name, None)
    connection.executemany(
        "DELETE FROM subject WHERE id = ?", [(number,) for number in numbers.removed]
    )


class _DependencyWriter:
    def __init__(
        self,
        connection: sqlite3.Connection,
        code: CodeState,
        fingerprints: Fingerprints,
        edited: frozenset[str],
        edited_data: frozenset[str],
    ) -> None:
        self._connection = connection
        self._code = code
        self._fingerprints = fingerprints
        self._edited = edited
        self._edited_data = edited_data

    def write(self, found: Dependents, seen_anew: int, affected: int | None) -> None:
        """Replace what is known of the subjects `seen_anew`, keep what is of all others."""
        observed = dict(found.bits)
        if affected is not None:
            self._carry_on(observed, ~(seen_anew | affected))
        stored = self._connection.execute(
            "SELECT id, kind, key, fingerprint, current, shared, subjects FROM dependency"
        ).fetchall()
        unchanged = self._unchanged_files()
        # What lies in a file that is as it was is as it was, too. Few others need be looked at.
        states = {
            dependency: fingerprint
            for _, kind, key, fingerprint, current, *_ in stored
            if current and place_of(dependency := Dependency(kind, key)) in unchanged
        }
        known = {*observed, *(Dependency(row[1], row[2]) for row in stored)}
        states.update(self._present_states(known - states.keys()))
        for number, kind, key, fingerprint, current, shared, packed in stored:
            dependency = Dependency(kind, key)
            before = unpack(packed)
            is_current = states[dependency] == fingerprint
            bits = before & ~seen_anew
            is_settled = is_current or states[dependency] == UNSETTLED
            if affected is not None and kind in IMPORT_LEVEL_KINDS and not is_settled:
                bits &= affected
            if is_current:
                bits |= observed.pop(dependency, 0)
            if not bits:
                self._connection.execute("DELETE FROM dependency WHERE id = ?", [number])
            elif bits != before or is_current != current or (dependency in found.shared) != shared:
                self._connection.execute(
                    "UPDATE dependency SET current = ?, shared = ?, subjects = ? WHERE id = ?",
                    [is_current, dependency in found.shared, pack(bits), number],
                )
        self._insert(observed, states, found.shared)

    def _unchanged_files(self) -> set[str]:
        rows = self._connection.execute("SELECT path, digest FROM file").fetchall()
        return {
            path
            for path, digest in rows
            if path not in self._edited and self._code.digest(path) == digest
        }

    def _carry_on(self, observed: dict[Dependency, int], unaffected: int) -> None:
        """Have the unaffected depend on the present state of what they depended on before."""
        rows = self._connection.execute(
            "SELECT kind, key, subjects FROM dependency"
            " WHERE kind IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(IMPORT_LEVEL_KINDS))],
        )
        for kind, key, packed in rows.fetchall():
            if bits := unpack(packed) & unaffected:
                dependency = Dependency(kind, key)
                if place_of(dependency) not in self._edited:
                    observed[dependency] = observed.get(dependency, 0) | bits

    def _insert(
        self,
        observed: Mapping[Dependency, int],
        states: Mapping[Dependency, str],
        shared: Dependencies,
    ) -> None:
        self._connection.executemany(
            "INSERT INTO dependency"
            " (kind, key, place, fingerprint, current, shared, subjects)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, key, fingerprint) DO UPDATE SET subjects = excluded.subjects",
            [
                (
                    dependency.kind,
                    dependency.key,
                    place_of(dependency),
                    states[dependency],
                    states[dependency] != UNSETTLED,
                    dependency in shared,
                    pack(bits),
                )
                for dependency, bits in observed.items()
                if bits
            ],
        )

    def _present_states(self, dependencies: set[Dependency]) -> dict[Dependency, str]:
        states = {}
        for dependency in dependencies:
            if dependency.kind in CODE_KINDS:
                unsettled = place_of(dependency) in self._edited
                states[dependency] = UNSETTLED if unsettled else self._code.fingerprint(dependency)
        others = [d for d in dependencies if d.kind not in CODE_KINDS]
        states.update(self._fingerprints(others))
        for dependency in others:
            if self._edited_data and (
                # Which of a template's files was read isn't known.
                dependency.kind == "template" or dependency.key in self._edited_data
            ):
                states[dependency] = UNSETTLED
        if IMPORTS_UNKNOWN in states:
            states[IMPORTS_UNKNOWN] = UNSETTLED
        return states


def _write_files(connection: sqlite3.Connection, code: CodeState, edited: frozenset[str]) -> None:
    connection.execute("DELETE FROM file")
    connection.executemany(
        "INSERT INTO file VALUES (?, ?, ?, ?)",
        [
            (path, state.size, state.changed_ns, UNSETTLED if path in edited else code.digest(path))
            for path, state in code.files.items()
        ],
    )
    connection.execute(
        "DELETE FROM cut WHERE digest NOT IN (SELECT digest FROM file) AND import_digest NOT IN"
        " (SELECT fingerprint FROM dependency WHERE kind = 'module')"
    )
    # Writing them out takes long, and most are there already.
    known = set(connection.execute("SELECT digest, module FROM cut").fetchall())
    connection.executemany(
        "INSERT OR IGNORE INTO cut VALUES (?, ?, ?, ?, ?)",
        [
            (
                *place,
                symbols.import_digest,
                json.dumps(sorted(outline(symbols))),
                zlib.compress(to_json(symbols).encode(), 1),
            )
            for path, symbols in code.cut_files().items()
            if path not in edited
            and (place := (code.digest(path), module_name(code.tree, path))) not in known
        ],
    )


def _write_meta(connection: sqlite3.Connection, run: RunRecord, fingerprints: Fingerprints) -> None:
    rows = [("tables", json.dumps(run.tables, sort_keys=True))]
    if checked := run.settings_checked():
        states = fingerprints(Dependency("setting", name) for name in checked)
        found = {dependency.key: state for dependency, state in states.items()}
        rows.append(("settings_checked", json.dumps(found, sort_keys=True)))
    if isinstance(run.imports, str):
        rows.append(("import_failure", run.imports))
        connection.execute("DELETE FROM meta WHERE name = 'import_record'")
    else:
        rows.append(("import_record", run.imports.to_json()))
        connection.execute("DELETE FROM meta WHERE name = 'import_failure'")
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)
