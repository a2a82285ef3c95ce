"""Imports point one way, so that each part can be read, and tested, without those above it."""

from __future__ import annotations

import ast
from pathlib import Path

import cdds_django

PACKAGE = Path(cdds_django.__file__).parent
NAME = "cdds_django"

LAYERS = (
    ("errors",),
    ("conf", "files", "testing", "upstream_calls", "workflow_commands"),
    ("contract", "impact", "init"),
    ("mock", "checks"),
    ("runner", "apps"),
    ("management",),
    ("__main__",),
)
"""From the bottom up: a part imports what is below it, and nothing beside it."""

CONF_READERS = {"checks", "runner", "management"}
CONF_READING_MODULES = {f"{NAME}.mock.testing"}
"""Base classes of a project's tests are handed nothing by anybody."""


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in SOURCES else node.module or "")
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def imported_modules() -> dict[str, set[str]]:
    """Return which of our modules each one imports, at import or later."""
    return {
        name: (imports_of(ast.parse(path.read_text())) & SOURCES.keys()) - {NAME, name}
        for name, path in SOURCES.items()
    }


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_part_has_a_layer():
    known = {name for layer in LAYERS for name in layer}
    assert {part(name) for name in SOURCES} - {""} <= known


def test_imports_point_down():
    level = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    wrong = [
        (importer, imported)
        for importer, names in imported_modules().items()
        for imported in names
        if part(importer) and part(imported) != part(importer)
        if level[part(imported)] >= level[part(importer)]
    ]
    assert wrong == []


def test_runner_and_mock_know_nothing_of_each_other():
    for importer, names in imported_modules().items():
        parts = {part(importer), *map(part, names)}
        assert not parts >= {"runner", "mock"}, importer


def test_settings_are_read_at_the_edge():
    readers = {
        part(importer)
        for importer, names in imported_modules().items()
        if f"{NAME}.conf" in names and importer not in CONF_READING_MODULES
    }
    assert readers <= CONF_READERS


def test_no_cycles():
    """Imports at run time alone: those under `if TYPE_CHECKING` and in functions don't count."""
    imported = {}
    for name, path in SOURCES.items():
        tree = ast.parse(path.read_text())
        top = ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], [])
        imported[name] = (imports_of(top) & SOURCES.keys()) - {NAME, name}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path[path.index(name) :], name))
        if name not in done:
            for other in sorted(imported[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in imported:
        visit(name, ())


def test_files_stay_small():
    for name, path in SOURCES.items():
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                assert lines <= 60, f"{name}.{node.name} has {lines} lines"
        assert ast.get_docstring(tree) or not tree.body, f"{name} has no docstring"
