"""Writing who depends on what, each thing with the state that it has now.

A row is one state of one thing. Those whose tests weren't seen anew keep their rows, and so the
state in which these tests last ran.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.records import Dependencies, Dependency
from cdds_django.impact.storage.bits import pack, unpack
from cdds_django.impact.storage.places import (
    CODE_KINDS,
    IMPORT_LEVEL_KINDS,
    UNSETTLED,
    URL_KINDS,
    place_of,
)
from cdds_django.impact.storage.run_record import IMPORTS_UNKNOWN, Dependents

Fingerprints = Callable[[Iterable[Dependency]], Mapping[Dependency, str]]


# One of thousands, so without a class: id, dependency, place, fingerprint, current, shared, and
# the packed subjects.
_Row = tuple[int, Dependency, str, str, int, int, bytes]


class DependencyWriter:
    """Brings the table of dependencies up to date with one run."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        code: CodeState,
        fingerprints: Fingerprints,
        edited: frozenset[str],
        edited_data: frozenset[str],
        imports_hold: bool,
    ) -> None:
        """`fingerprints` gives the states of things that aren't code. `edited` are the Python files
        and `edited_data` the others that were edited while tests ran. `imports_hold` says that
        importing the project does what it did when the map was written."""
        self._connection = connection
        self._code = code
        self._fingerprints = fingerprints
        self._edited = edited
        self._edited_data = edited_data
        self._imports_hold = imports_hold and not edited

    def write(self, found: Dependents, seen_anew: int, affected: int | None) -> None:
        """Replace what is known of the subjects `seen_anew`, keep what is of all others."""
        observed = dict(found.bits)
        if affected is not None:
            self._carry_on(observed, ~(seen_anew | affected))
        stored = self._stored()
        states = self._states(stored, observed)
        updated: list[tuple[bool, bool, bytes, int]] = []
        deleted: list[tuple[int]] = []
        # Many have the same subjects.
        unpacked = {packed: unpack(packed) for packed in {row[-1] for row in stored}}
        for number, dependency, _, fingerprint, was_current, was_shared, packed in stored:
            state = states[dependency]
            before = unpacked[packed]
            is_current = state == fingerprint
            bits = before & ~seen_anew
            is_settled = is_current or state == UNSETTLED
            if affected is not None and dependency.kind in IMPORT_LEVEL_KINDS and not is_settled:
                bits &= affected
            if is_current:
                bits |= observed.pop(dependency, 0)
            is_shared = dependency in found.shared
            if not bits:
                deleted.append((number,))
            elif bits != before or is_current != was_current or is_shared != was_shared:
                updated.append((is_current, is_shared, pack(bits), number))
        self._connection.executemany("DELETE FROM dependency WHERE id = ?", deleted)
        self._connection.executemany(
            "UPDATE dependency SET current = ?, shared = ?, subjects = ? WHERE id = ?", updated
        )
        self._insert(observed, states, found.shared)

    def _stored(self) -> list[_Row]:
        rows = self._connection.execute(
            "SELECT id, kind, key, place, fingerprint, current, shared, subjects FROM dependency"
        )
        return [
            (number, Dependency(kind, key), place, fingerprint, current, shared, packed)
            for number, kind, key, place, fingerprint, current, shared, packed in rows
        ]

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
        self, stored: Sequence[_Row], observed: Iterable[Dependency]
    ) -> dict[Dependency, str]:
        """Return the present state of all that is stored or observed."""
        unchanged = self._unchanged_files()
        # What lies in a file that is as it was is as it was, too. Few others need be looked at.
        states = {
            dependency: fingerprint
            for _, dependency, place, fingerprint, current, *_ in stored
            if current and place in unchanged
        }
        others = {*observed, *(row[1] for row in stored)} - states.keys()
        urls = {one for one in others if one.kind in URL_KINDS}
        states.update(self._present_states(others - urls))
        if urls and self._imports_hold and not self._is_set_otherwise(stored, states):
            # Nothing that makes URL patterns has changed, and each look-up takes long.
            found = {row[1]: row[3] for row in stored if row[1] in urls and row[4]}
            states.update(found)
            urls -= found.keys()
        states.update(self._present_states(urls))
        return states

    def _is_set_otherwise(self, stored: Sequence[_Row], states: Mapping[Dependency, str]) -> bool:
        return any(
            states[dependency] != fingerprint
            for _, dependency, _, fingerprint, current, *_ in stored
            if dependency.kind == "setting" and current
        )

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
