"""`impact.code`: what changed since the map, told by content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cdds_django.impact.code.state import CodeState, module_name
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.imports.process_start import process_started_ns
from cdds_django.impact.records import Dependency


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/__init__.py").write_text("")
    (tmp_path / "pkg/a.py").write_text("X = 1\ndef f(): return 1\n")
    return SourceTree(tmp_path, (tmp_path,))


def test_fingerprints(tree: SourceTree) -> None:
    function, module = Dependency("code", "pkg/a.py::f"), Dependency("module", "pkg/a.py")
    before = CodeState(tree, None)
    states = before.fingerprint(function), before.fingerprint(module)
    (tree.root / "pkg/a.py").write_text("X = 1\ndef f(): return 2\n")
    after = CodeState(tree, None)

    assert after.fingerprint(function) != states[0]
    assert after.fingerprint(module) == states[1]


@pytest.mark.parametrize("key", ["pkg/a.py::missing", "pkg/missing.py::f"])
def test_what_is_not_there_is_absent(tree: SourceTree, key: str) -> None:
    assert CodeState(tree, None).fingerprint(Dependency("code", key)) == "absent"


def test_broken_files_differ_by_content(tree: SourceTree) -> None:
    states = set()
    for source in ("def broken(:", "def broken((:", "\0"):
        (tree.root / "pkg/a.py").write_text(source)
        code = CodeState(tree, None)
        states.add(code.fingerprint(Dependency("module", "pkg/a.py")))
        assert "pkg/a.py" in code.unreadable

    assert len(states) == 3


def test_everything_is_new_without_a_map(tree: SourceTree) -> None:
    assert CodeState(tree, None).changes.added == {"pkg/__init__.py", "pkg/a.py"}


def test_module_names(tree: SourceTree) -> None:
    assert module_name(tree, "pkg/a.py") == "pkg.a"
    assert module_name(tree, "pkg/__init__.py") == "pkg"


def test_edits_since_the_state_was_taken(tree: SourceTree) -> None:
    code = CodeState(tree, None)
    assert code.edited_since_taken() == set()
    (tree.root / "pkg/a.py").write_text("X = 2\n")
    (tree.root / "b.py").write_text("")

    assert code.edited_since_taken() == {"pkg/a.py", "b.py"}


def test_edits_between_the_process_start_and_the_state(tree: SourceTree) -> None:
    changed = tree.changed_ns("pkg/a.py")
    assert changed is not None
    code = CodeState(tree, None, loaded_since_ns=changed)

    assert "pkg/a.py" in code.edited_since_taken()
    assert code.data_edited(["pkg/a.py", "missing"]) == {"pkg/a.py", "missing"}
    assert CodeState(tree, None, loaded_since_ns=changed + 10**9).data_edited(["pkg/a.py"]) == set()


def test_process_began_before_now() -> None:
    here = os.stat("/proc/self").st_ctime_ns if os.path.exists("/proc/self") else None

    assert here is None or abs(process_started_ns() - here) < 3_600 * 10**9
