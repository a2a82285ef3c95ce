"""`impact.selection` and `impact.update`: from one run's record to the next run's choice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import django
import pytest
from django.conf import settings

from cdds_django.impact.choice.selection import Selection, select
from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.symbols import whole
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.imports.record import ImportGraph, ImportRecord
from cdds_django.impact.records import Dependency, Observation, Outcome, Recording
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.files import Files
from cdds_django.impact.storage.run_record import RunRecord
from cdds_django.impact.storage.store import ImpactMap
from cdds_django.impact.storage.update import update_map

F, G = Dependency("code", "app.py::f"), Dependency("code", "app.py::g")
DATA = Dependency("file", "data.txt")
A, B = "test_app.T.test_a", "test_app.T.test_b"


@dataclass
class World:
    """A project whose tests are only said to have run."""

    root: Path

    @property
    def tree(self) -> SourceTree:
        return SourceTree(self.root, (self.root,))

    @property
    def project(self) -> Project:
        return Project(tree=self.tree, operations={})

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    def run(
        self,
        saw: Mapping[str, Iterable[Dependency]],
        *,
        outcome: str = "passed",
        complete: bool = True,
        recording: Recording | None = None,
        imports: ImportRecord | str | None = None,
        code: CodeState | None = None,
    ) -> None:
        """Record a run of the tests in `saw`."""
        path = self.root / ".cdds/impact.sqlite"
        impact_map = ImpactMap.open(path)
        code = code or CodeState(self.tree, impact_map)
        names = {"app.py": "app", "test_app.py": "test_app"}
        observations = tuple(
            Observation(tests=(test,), dependencies=frozenset(found)) for test, found in saw.items()
        )
        run = RunRecord(
            outcomes={test: Outcome(id=test, outcome=outcome) for test in saw},
            modules={"test_app": "test_app.py"},
            members={"test_app": tuple(saw)},
            complete=frozenset({"test_app"} if complete else ()),
            recordings=[Recording(observations=observations), *([recording] if recording else [])],
            shared=frozenset(),
            declared={},
            operation_ids={},
            imports=imports
            or ImportRecord(
                application=frozenset(), application_files=frozenset(), fills={}, names=names
            ),
        )
        update_map(
            path,
            run,
            code=code,
            graph=ImportGraph(code, names),
            fingerprints=lambda found: {
                d: Files().fingerprints([d.key], self.project)[d.key] for d in found
            },
            version=uuid4().hex,
        )
        if impact_map is not None:
            impact_map.close()

    def select(self) -> Selection:
        with ImpactMap.open(self.root / ".cdds/impact.sqlite") as found:  # type: ignore[union-attr]
            return select(found, CodeState(self.tree, found), self.project, [Files()])


@pytest.fixture(autouse=True)
def configured() -> None:
    if not settings.configured:
        settings.configure()
    django.setup()


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.write("app.py", "def f(): return 1\ndef g(): return 1\n")
    world.write("test_app.py", "import app\n")
    world.write("data.txt", "1")
    return world


def test_nothing_changed(world: World) -> None:
    world.run({A: [F], B: [G, DATA]})

    selection = world.select()

    assert (selection.full_run_reason, dict(selection.reasons)) == (None, {})
    assert selection.known == {A, B}
    assert [test.id for test in selection.modules["test_app"].tests] == [A, B]


def test_function_changed(world: World) -> None:
    world.run({A: [F], B: [G, DATA]})
    world.write("app.py", "def f(): return 2\ndef g(): return 1\n")

    selection = world.select()

    assert set(selection.reasons) == {A}
    assert (selection.reasons[A][0].key, selection.reasons[A][0].change) == (F.key, "changed")
    assert selection.modules == {}


def test_data_removed(world: World) -> None:
    world.run({A: [F], B: [G, DATA]})
    (world.root / "data.txt").unlink()

    selection = world.select()

    assert set(selection.reasons) == {B}
    assert selection.reasons[B][0].change == "removed"


def test_what_files_import_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.run({A: [F], B: [G, DATA]})
    cut = []
    monkeypatch.setattr(CodeState, "_cut", lambda code, key, module: cut.append(key) or whole("-"))
    with ImpactMap.open(world.root / ".cdds/impact.sqlite") as found:  # type: ignore[union-attr]
        assert list(CodeState(world.tree, found).imports("test_app.py")) == ["app"]
        assert cut == []
        world.write("test_app.py", "import app, data\n")
        CodeState(world.tree, found).imports("test_app.py")

    assert cut == ["test_app.py"]


def test_map_that_does_not_say_what_files_import(world: World) -> None:
    world.run({A: [F], B: [G, DATA]})
    path = world.root / ".cdds/impact.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE cut DROP COLUMN imports")
    connection.execute("UPDATE meta SET value = '3' WHERE name = 'schema'")
    connection.commit()
    connection.close()
    with ImpactMap.open(path) as found:  # type: ignore[union-attr]
        assert found.imports() == {}
        assert list(CodeState(world.tree, found).imports("test_app.py")) == ["app"]

    world.run({A: [F], B: [G, DATA]})

    assert dict(world.select().reasons) == {}
    with ImpactMap.open(path) as found:  # type: ignore[union-attr]
        assert sorted(names for _, names in found.imports()) == ["app", "test_app"]


@pytest.mark.parametrize(
    ("outcome", "selected"),
    [
        ("passed", False),
        ("skipped", False),
        ("expected_failure", False),
        ("failed", True),
        ("error", True),
        ("unexpected_success", True),
    ],
)
def test_unsettled_outcome(world: World, outcome: str, selected: bool) -> None:
    world.run({A: [F]}, outcome=outcome)

    assert bool(world.select().reasons) == selected


def test_unknown_test_is_new(world: World) -> None:
    world.run({A: [F]})

    (reason,) = world.select().reasons_for("test_app.T.test_new")

    assert reason.change == "new"


def test_partial_run_leaves_the_state_of_others(world: World) -> None:
    world.run({A: [F], B: [F, G]})
    world.write("app.py", "def f(): return 2\ndef g(): return 1\n")
    world.run({A: [F]}, complete=False)
    assert set(world.select().reasons) == {B}

    world.write("app.py", "def f(): return 1\ndef g(): return 1\n")
    assert set(world.select().reasons) == {A}


def test_test_that_is_gone_is_forgotten(world: World) -> None:
    world.run({A: [F], B: [G]})
    world.run({A: [F]})

    assert world.select().known == {A}


def test_number_of_a_lost_test_brings_nothing_to_its_heir(world: World) -> None:
    world.run({A: [F], B: [G]})
    world.run({A: [F]})
    world.run({A: [F], "test_app.T.test_c": []})
    world.write("app.py", "def f(): return 1\ndef g(): return 2\n")

    assert set(world.select().reasons) == set()


def test_shared_dependency_runs_everything(world: World) -> None:
    world.run({A: [F], B: []}, recording=Recording(shared=frozenset({DATA})))
    world.write("data.txt", "2")

    assert "data.txt changed" in str(world.select().full_run_reason)


def test_unknown_imports_run_everything(world: World) -> None:
    world.run({A: [F]}, imports="it died")

    assert "it died" in str(world.select().full_run_reason)


def test_unknown_kind_of_a_later_version(world: World) -> None:
    world.run({A: [F, Dependency("novelty", "x")], B: []})

    assert set(world.select().reasons) == {A}


def test_code_edited_during_the_run_stays_unsettled(world: World) -> None:
    code = CodeState(world.tree, None)
    world.write("app.py", "def f(): return 2\ndef g(): return 1\n")
    world.run({A: [F], B: []}, code=code)

    assert A in world.select().reasons or world.select().full_run_reason


@pytest.mark.parametrize(("written", "selected"), [(False, {A}), (True, set())])
def test_data_edited_during_the_run(world: World, written: bool, selected: set[str]) -> None:
    """Unless it was the run that wrote it."""
    notes = {Dependency("read", DATA.key), *([Dependency("written", DATA.key)] if written else [])}
    world.write("data.txt", "2")
    changed = world.tree.changed_ns("data.txt")
    assert changed is not None
    fresh = CodeState(world.tree, None, loaded_since_ns=changed)
    # The code is older than the process.
    fresh.edited_since_taken = frozenset  # type: ignore[method-assign,assignment]
    world.run({A: [DATA], B: []}, recording=Recording(shared=frozenset(notes)), code=fresh)

    assert set(world.select().reasons) == selected
