"""The mock's rooms know those below them, and nothing of Django or of sockets."""

from __future__ import annotations

import ast
from pathlib import Path

import cdds_django.mock

PACKAGE = Path(cdds_django.mock.__file__).parent
ROOMS = ("schemas", "values", "compile", "state", "resources", "answers")
"""From the bottom up."""
VALUES = {"errors", "extra", "faults", "limits", "messages", "records"}
"""What all of them may use."""
BELOW_ANSWERS = {"handlers"}
"""What a scenario sees: made of resources, used by answers."""


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def test_rooms_know_those_below():
    for level, room in enumerate(ROOMS):
        allowed = {*ROOMS[: level + 1], *VALUES, *(BELOW_ANSWERS if room == "answers" else ())}
        for path in (PACKAGE / room).glob("*.py"):
            for name in imported(path):
                if name.startswith("cdds_django.mock."):
                    assert name.split(".")[2] in allowed, (path, name)
                elif name.startswith("cdds_django."):
                    assert name.split(".")[1] == "contract", (path, name)


def test_the_core_knows_neither_django_nor_sockets():
    core = [PACKAGE / f"{name}.py" for name in ("core", "admin", "handlers", *VALUES)]
    for path in [*core, *(path for room in ROOMS for path in (PACKAGE / room).glob("*.py"))]:
        for name in imported(path):
            top = name.split(".")[0]
            assert top not in {"django", "socket", "asyncio", "uvicorn", "requests"}, (path, name)
