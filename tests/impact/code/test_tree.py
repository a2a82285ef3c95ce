"""`impact.tree`: which files are the project's, and how they are called."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cdds_django.errors import ConfigurationError
from cdds_django.impact.code.tree import ABSENT, SourceTree, loaded_modules


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    for name in ("a.py", "pkg/b.py", "pkg/data.txt", ".hidden/c.py", "node_modules/d.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    return SourceTree(tmp_path, (tmp_path,))


def test_python_files(tree: SourceTree) -> None:
    assert set(tree.python_files()) == {"a.py", "pkg/b.py"}


def test_all_files(tree: SourceTree) -> None:
    assert set(tree.all_files()) == {"a.py", "pkg/b.py", "pkg/data.txt"}


def test_virtual_environment_is_not_the_projects(tree: SourceTree) -> None:
    (tree.root / "env/lib").mkdir(parents=True)
    (tree.root / "env/lib/e.py").write_text("")
    (tree.root / "env/pyvenv.cfg").write_text("")

    assert "env/lib/e.py" not in tree.python_files()


def test_linked_directories_are_walked_once(tree: SourceTree) -> None:
    (tree.root / "pkg/circle").symlink_to(tree.root)

    assert set(tree.python_files()) == {"a.py", "pkg/b.py"}


@pytest.mark.parametrize("filename", ["<string>", "<frozen os>", json.__file__, "/elsewhere/a.py"])
def test_other_files_have_no_key(tree: SourceTree, filename: str) -> None:
    assert tree.key(filename) is None


def test_keys_are_relative(tree: SourceTree) -> None:
    assert tree.key(str(tree.root / "pkg" / "b.py")) == "pkg/b.py"
    assert tree.key(str(tree.root / "node_modules" / "d.py")) is None


def test_change_time_cannot_be_set_back(tree: SourceTree) -> None:
    before = tree.python_files()["a.py"]
    os.utime(tree.root / "a.py", (1, 1))

    assert tree.python_files()["a.py"].changed_ns >= before.changed_ns


def test_missing_file(tree: SourceTree) -> None:
    assert tree.content_digest("missing") == ABSENT
    assert tree.changed_ns("missing") is None


def test_missing_source_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="missing"):
        SourceTree.of(tmp_path, [tmp_path / "missing"])


def test_loaded_modules_are_named_by_key() -> None:
    here = Path(__file__).parent

    assert not any(key.startswith("..") for key in loaded_modules(SourceTree(here, (here,))))


def test_main_script_of_elsewhere_makes_no_place_first_party(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`multiprocessing` gives it a second name."""
    (tmp_path / "project").mkdir()
    (tmp_path / "script.py").write_text("")
    module = ModuleType("__mp_main__")
    module.__file__ = str(tmp_path / "script.py")
    monkeypatch.setitem(sys.modules, "__mp_main__", module)

    tree = SourceTree.of(tmp_path / "project", [tmp_path / "project"])

    assert tmp_path not in tree.sources
