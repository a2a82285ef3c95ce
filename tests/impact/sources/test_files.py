"""`impact.sources.files`: opening, listing, writing, as the recorder is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdds_django.impact.code.tree import ABSENT, SourceTree
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.existence import Existence
from cdds_django.impact.sources.files import Files, Listings
from cdds_django.impact.sources.processes import EVERY_FILE, Processes

Noted = Callable[[str], Any]

# As a first-party module would have it; this file lies outside of the tree.
SOURCE = """
import importlib.metadata, inspect, json, linecache, multiprocessing, os, pathlib, sqlite3
import subprocess, sys, tokenize, types, uuid
from importlib import util
def module(name):
    spec = util.spec_from_file_location(name, name + ".py")
    made = util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
class Spawned(multiprocessing.Process):
    @staticmethod
    def _Popen(process):
        return types.SimpleNamespace(sentinel=0, poll=lambda: 0)
def size(name):
    return os.stat(name).st_size
def size_of_path(name):
    return pathlib.Path(name).stat().st_size
def act(directory, action):
    os.chdir(directory)
    exec(action)
"""


SEEN = {("existence", "data.txt"), ("file", "data.txt")}


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Noted]:
    """Return what an action in a tree notes."""
    tree = SourceTree(tmp_path, (tmp_path,))
    for name in ("data.txt", "module.py"):
        (tmp_path / name).write_text("{}")
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {}
    exec(compile(SOURCE, str(tmp_path / "shop.py"), "exec"), namespace)
    recorder = Recorder(tree, (Files(), Listings(), Existence(), Processes()))
    recorder.start()
    recorder.take()

    def noted(action: str) -> set[tuple[str, str]]:
        namespace["act"](tmp_path, action)
        return {(kind, key) for kind, key in recorder.take() if kind != "code"}

    yield noted
    recorder.stop()


@pytest.mark.parametrize(
    ("action", "dependencies"),
    [
        ("open('data.txt').close()", {("file", "data.txt")}),
        ("json.load(open('data.txt'))", {("file", "data.txt")}),
        ("pathlib.Path('data.txt').read_text()", {("file", "data.txt")}),
        ("os.close(os.open('data.txt', os.O_RDONLY))", {("file", "data.txt")}),
        ("open('new.txt', 'w').close()", set()),
        ("open('module.py').close()", {("file", "module.py")}),
        ("tokenize.open('module.py').close()", {("file", "module.py")}),
        ("open('module.py', 'w').close()", set()),
        ("os.path.getsize('data.txt')", SEEN),
        ("size_of_path('data.txt')", SEEN),
        ("size('data.txt')", SEEN),
        ("sqlite3.connect('data.txt').close()", {("file", "data.txt")}),
        ("sqlite3.connect('file:data.txt?mode=ro', uri=True).close()", {("file", "data.txt")}),
        ("sqlite3.connect(':memory:').close()", set()),
        ("sqlite3.connect('new.db').close()", set()),
        ("Spawned().start()", {("process", EVERY_FILE)}),
        ("linecache.updatecache('module.py')", set()),
        ("module('module')", {("import", "module.py")}),
        ("open('/dev/null').close()", set()),
        ("os.listdir('.')", {("listing", ".")}),
        ("list(pathlib.Path('.').iterdir())", {("listing", ".")}),
        ("sys.path.insert(0, ''), importlib.metadata.version('django'), sys.path.pop(0)", set()),
        ("os.path.exists('missing')", {("existence", "missing")}),
        ("pathlib.Path('data.txt').is_file()", {("existence", "data.txt")}),
        ("subprocess.run(['true'])", {("process", EVERY_FILE)}),
        ("os.system('true')", {("process", EVERY_FILE)}),
    ],
)
def test_action(noted: Noted, action: str, dependencies: set[tuple[str, str]]) -> None:
    assert noted(action) == dependencies


def test_source_that_is_looked_at_again(noted: Noted) -> None:
    for _ in range(2):  # The second time from memory.
        found = noted("inspect.getsource(module('module'))")
        assert found == {("file", "module.py"), ("import", "module.py")}


def test_missing_file_that_was_opened(noted: Noted) -> None:
    with pytest.raises(FileNotFoundError):
        noted("open('missing.txt')")


def test_stat_is_put_back(noted: Noted) -> None:
    original = os.stat
    recorder = Recorder(SourceTree(Path.cwd(), (Path.cwd(),)), ())

    Existence().watch(recorder)()

    assert os.stat is original


def test_fingerprints(tmp_path: Path) -> None:
    project = Project(tree=SourceTree(tmp_path, (tmp_path,)), operations={})
    (tmp_path / "data.txt").write_text("1")

    assert Files().fingerprints(["missing"], project) == {"missing": ABSENT}
    assert Existence().fingerprints(["missing", "data.txt", "."], project) == {
        "missing": ABSENT,
        "data.txt": "file",
        ".": "directory",
    }
    before = Listings().fingerprints(["."], project), Processes().fingerprints(["x"], project)
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "__pycache__").mkdir()
    assert Listings().fingerprints(["."], project) == before[0]
    (tmp_path / "data.txt").write_text("2")
    assert Listings().fingerprints(["."], project) == before[0]
    assert Processes().fingerprints(["x"], project) != before[1]
    (tmp_path / "more.txt").write_text("")
    assert Listings().fingerprints(["."], project) != before[0]


def test_watched_files_are_shared(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("")
    project = Project(
        tree=SourceTree(tmp_path, (tmp_path,)), operations={}, watched=("*.toml", "none")
    )

    assert list(Files().shared(project)) == ["a.toml"]
