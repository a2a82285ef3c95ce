"""`impact.storage.dependency_rows`: the states in which things are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.records import Dependency
from cdds_django.impact.storage.dependency_rows import DependencyWriter
from cdds_django.impact.storage.run_record import Dependents
from cdds_django.impact.storage.schema import TABLES

PATH, SETTING = Dependency("path", "||/a/"), Dependency("setting", "LANGUAGE_CODE")
EDITED = frozenset({"urls.py"})


class World:
    """An impact map, and states that the test sets."""

    def __init__(self, root: Path) -> None:
        self.states = {PATH: "leads here", SETTING: "en"}
        self.asked: set[Dependency] = set()
        self.connection = sqlite3.connect(":memory:")
        self.connection.executescript(TABLES)
        self._code = CodeState(SourceTree(root, (root,)), None)

    def write(
        self,
        found: Iterable[Dependency],
        *,
        edited: frozenset[str] = frozenset(),
        imports_hold: bool = True,
    ) -> None:
        """Write that the one test depends on what was `found`."""
        writer = DependencyWriter(
            self.connection, self._code, self._fingerprints, edited, frozenset(), imports_hold
        )
        self.asked.clear()
        writer.write(Dependents(bits=dict.fromkeys(found, 1), shared=frozenset()), 1, None)

    def stored(self) -> dict[str, str]:
        rows = self.connection.execute("SELECT kind, fingerprint FROM dependency")
        return dict(rows.fetchall())

    def _fingerprints(self, dependencies: Iterable[Dependency]) -> Mapping[Dependency, str]:
        found = set(dependencies)
        self.asked |= found
        return {dependency: self.states[dependency] for dependency in found}


@pytest.mark.parametrize(
    ("language", "edited", "imports_hold", "looked_up"),
    [
        ("en", frozenset(), True, False),
        ("de", frozenset(), True, True),
        ("en", EDITED, True, True),
        ("en", frozenset(), False, True),
    ],
)
def test_urls_are_looked_up_where_they_may_lead_elsewhere(
    tmp_path: Path, language: str, edited: frozenset[str], imports_hold: bool, looked_up: bool
) -> None:
    world = World(tmp_path)
    world.write([PATH, SETTING])
    assert world.asked == {PATH, SETTING}, "nothing was known yet"

    world.states.update({PATH: "leads elsewhere", SETTING: language})
    world.write([PATH, SETTING], edited=edited, imports_hold=imports_hold)
    assert (PATH in world.asked) == looked_up
    expected = "leads elsewhere" if looked_up else "leads here"
    assert world.stored() == {"path": expected, "setting": language}


def test_urls_in_a_former_state_are_looked_up(tmp_path: Path) -> None:
    """As those of tests that didn't run since: what led there then isn't where it leads now."""
    world = World(tmp_path)
    world.write([PATH])
    world.states[PATH] = "leads elsewhere"
    world.write([PATH, SETTING], imports_hold=False)
    world.connection.execute("UPDATE dependency SET current = 0")
    world.write([PATH, SETTING])
    assert PATH in world.asked
