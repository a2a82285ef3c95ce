"""Writing what a run learnt into the map."""

from __future__ import annotations

import gc
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cdds_django.impact.code.state import CodeState, module_name
from cdds_django.impact.imports.record import ImportGraph
from cdds_django.impact.records import Dependency
from cdds_django.impact.storage.bits import bit_set
from cdds_django.impact.storage.dependency_rows import DependencyWriter, Fingerprints
from cdds_django.impact.storage.history import write_history
from cdds_django.impact.storage.places import UNSETTLED
from cdds_django.impact.storage.run_record import RunRecord, dependents
from cdds_django.impact.storage.store import rewriting
from cdds_django.impact.storage.subjects import write_subjects


def update_map(
    path: Path,
    run: RunRecord,
    *,
    code: CodeState,
    graph: ImportGraph,
    fingerprints: Fingerprints,
    version: str,
    affected: int | None = None,
    imports_hold: bool = False,
) -> str | None:
    """Replace the map at `path` by one that knows `run`. Raises StateFileError.

    `version` is unique to what is written; the version that it replaces is returned, if there is.
    `fingerprints` gives the states of things that aren't code. `affected` are the subjects that
    a change at import level may have affected, as bits, where that was worked out: all others are
    taken to depend on the present state from now on. `imports_hold` says that importing the
    project is known to do what it did when the map was written.
    """
    edited = code.edited_since_taken()
    with _no_collections(), rewriting(path) as connection:
        replaced = _write_version(connection, version)
        numbers = write_subjects(connection, run, code)
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
        writer = DependencyWriter(connection, code, fingerprints, edited, data, imports_hold)
        writer.write(found, seen_anew, affected)
        _write_files(connection, code, edited)
        _write_meta(connection, run, fingerprints)
    return replaced


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep the garbage collector from going through all that the tests have left.

    Nothing here refers to itself, but there is enough of it to set off a full collection, which
    takes as long as all the rest.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _write_version(connection: sqlite3.Connection, version: str) -> str | None:
    before = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('version', ?)", [version])
    return before[0] if before else None


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
    _write_cuts(connection, code, edited)


def _write_cuts(connection: sqlite3.Connection, code: CodeState, edited: frozenset[str]) -> None:
    # Writing them out takes long, and most are there already.
    known = set(
        connection.execute("SELECT digest, module FROM cut WHERE imports IS NOT NULL").fetchall()
    )
    found = [
        (*place, symbols)
        for path, symbols in code.cut_files().items()
        if path not in edited
        and (place := (code.digest(path), module_name(code.tree, path))) not in known
    ]
    if not found:
        return
    # It reads syntax trees, which is more than most runs need.
    from cdds_django.impact.code.symbols import outline, to_json

    connection.executemany(
        "INSERT OR REPLACE INTO cut VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                digest,
                module,
                symbols.import_digest,
                json.dumps(sorted(outline(symbols))),
                zlib.compress(to_json(symbols).encode(), 1),
                json.dumps(symbols.imports),
            )
            for digest, module, symbols in found
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
