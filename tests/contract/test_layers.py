"""The contract knows nothing of settings, the runner or the impact map."""

from __future__ import annotations

import ast
from pathlib import Path

import cdds_django.contract

PACKAGE = Path(cdds_django.contract.__file__).parent
ALLOWED = tuple(f"cdds_django.{n}" for n in ("contract", "errors", "files", "workflow_commands"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_imports_stay_inside():
    files = sorted(PACKAGE.rglob("*.py"))
    assert len(files) > 20
    for path in files:
        ours = [name for name in imported(path) if name.split(".")[0] == "cdds_django"]
        assert all(name.startswith(ALLOWED) for name in ours), path


def test_every_rule_is_listed():
    catalogue = (PACKAGE / "rules" / "catalogue.py").read_text()
    modules = {path.stem for path in (PACKAGE / "rules").glob("*.py")}
    for name in modules - {"__init__", "catalogue", "page", "rule"}:
        assert f"    {name},\n" in catalogue
