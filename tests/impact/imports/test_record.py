"""`impact.imports`: what imports do, and which files reach which."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.imports.record import ImportGraph, ImportRecord
from cdds_django.impact.records import Dependency

RECORD = ImportRecord(
    application=frozenset({Dependency("code", "a.py::f"), Dependency("file", "data.json")}),
    application_files=frozenset({"a.py"}),
    fills={"test_a.py": frozenset({Dependency("code", "b.py::g")})},
    names={"a.py": "a", "test_a.py": "test_a"},
)


def test_record_comes_back() -> None:
    assert ImportRecord.from_json(RECORD.to_json()) == RECORD


def test_functions_and_surroundings() -> None:
    assert RECORD.functions_run() == {"a.py::f", "b.py::g"}
    assert RECORD.surroundings() == {Dependency("file", "data.json")}


@pytest.fixture
def graph(tmp_path: Path) -> ImportGraph:
    sources = {
        "app.py": "",
        "pkg/__init__.py": "import app\n",
        "pkg/base.py": "def late():\n    from pkg import helper\n",
        "pkg/helper.py": "",
        "pkg/test_a.py": "from .base import Base\n",
        "test_b.py": "from unknown import x\n",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    code = CodeState(SourceTree(tmp_path, (tmp_path,)), None)
    return ImportGraph(code, {name: code.module_name(name) for name in sources})


def test_packages_and_late_imports_are_reached(graph: ImportGraph) -> None:
    assert graph.reached(["pkg/test_a.py"], stop=frozenset()) == {
        *("pkg/test_a.py", "pkg/__init__.py", "pkg/base.py", "pkg/helper.py", "app.py"),
    }


def test_stops(graph: ImportGraph) -> None:
    stop = frozenset({"app.py", "pkg/base.py"})

    assert graph.reached(["pkg/test_a.py"], stop=stop) == {"pkg/test_a.py", "pkg/__init__.py"}


def test_what_is_not_loaded_is_not_reached(graph: ImportGraph) -> None:
    assert graph.reached(["test_b.py"], stop=frozenset()) == {"test_b.py"}
