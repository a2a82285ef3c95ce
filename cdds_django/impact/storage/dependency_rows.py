"""Writing who depends on what, each thing with the state that it has now.

A row is one state of one thing. Those whose tests weren't seen anew keep their rows, and so the
state in which these tests last ran.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.records import Dependencies, Dependency
from cdds_django.impact.storage.bits import pack, unpack
from cdds_django.impact.storage.places import (
    CODE_KINDS,
    IMPORT_LEVEL_KINDS,
    UNSETTLED,
    place_of,
)
from cdds_django.impact.storage.run_record import IMPORTS_UNKNOWN, Dependents

Fingerprints = Callable[[Iterable[Dependency]], Mapping[Dependency, str]]


class _Row(NamedTuple):
    id: int
    dependency: Dependency
    place: str
    fingerprint: str
    current: int
    shared: int
    packed: bytes


class DependencyWriter:
    """Brings the table of dependencies up to date with one run."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        code: CodeState,
        fingerprints: Fingerprints,
        edited: frozenset[str],
        edited_data: frozenset[str],
    ) -> None:
        """`fingerprints` gives the states of things that aren't code. `edited` are the Python files
        and `edited_data` the others that were edited while tests ran."""
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
        stored = self._stored()
        states = self._states(stored, observed)
        updated: list[tuple[bool, bool, bytes, int]] = []
        deleted: list[tuple[int]] = []
        for row in stored:
            dependency, state = row.dependency, states[row.dependency]
            before = unpack(row.packed)
            is_current = state == row.fingerprint
            bits = before & ~seen_anew
            is_settled = is_current or state == UNSETTLED
            if affected is not None and dependency.kind in IMPORT_LEVEL_KINDS and not is_settled:
                bits &= affected
            if is_current:
                bits |= observed.pop(dependency, 0)
            is_shared = dependency in found.shared
            if not bits:
                deleted.append((row.id,))
            elif bits != before or is_current != row.current or is_shared != row.shared:
                updated.append((is_current, is_shared, pack(bits), row.id))
        self._connection.executemany("DELETE FROM dependency WHERE id = ?", deleted)
        self._connection.executemany(
            "UPDATE dependency SET current = ?, shared = ?, subjects = ? WHERE id = ?", updated
        )
        self._insert(observed, states, found.shared)

    def _stored(self) -> list[_Row]:
        rows = self._connection.execute(
            "SELECT id, kind, key, place, fingerprint, current, shared, subjects FROM dependency"
        )
        return [_Row(number, Dependency(kind, key), *rest) for number, kind, key, *rest in rows]

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

    def _states(
        self, stored: Iterable[_Row], observed: Iterable[Dependency]
    ) -> dict[Dependency, str]:
        """Return the present state of all that is stored or observed."""
        unchanged = self._unchanged_files()
        # What lies in a file that is as it was is as it was, too. Few others need be looked at.
        states = {
            row.dependency: row.fingerprint
            for row in stored
            if row.current and row.place in unchanged
        }
        others = {*observed, *(row.dependency for row in stored)} - states.keys()
        return {**states, **self._present_states(others)}

    def _unchanged_files(self) -> set[str]:
        rows = self._connection.execute("SELECT path, digest FROM file").fetchall()
        return {
            path
            for path, digest in rows
            if path not in self._edited and self._code.digest(path) == digest
        }

    def _present_states(self, dependencies: Iterable[Dependency]) -> dict[Dependency, str]:
        states = {}
        others = []
        for dependency in dependencies:
            if dependency.kind in CODE_KINDS:
                unsettled = place_of(dependency) in self._edited
                states[dependency] = UNSETTLED if unsettled else self._code.fingerprint(dependency)
            else:
                others.append(dependency)
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
