"""Where tests are written: files as CI systems name them, from the checkout's root, and lines.

A test is found by its id alone, since reports of merged shards know nothing else.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from cdds_django.runner.outcomes.outcome import TestRow

NOT_LOADED = "unittest.loader._FailedTest."
"""What ids of modules that can't be imported begin with."""
_FRAME = re.compile(r'^\s*File "([^"]+)", line (\d+), in ', re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A line of a file. Lines count from 1."""

    file: str
    """From the checkout's root, with slashes."""
    line: int | None = None


class Places:
    """Finds the files and lines of tests below one directory."""

    def __init__(self, root: Path) -> None:
        """`root` is where the command was started; names are relative to the checkout it is in."""
        self._root = root.resolve()
        # Many tests are in one file: what is asked of the file system is kept.
        self._files: dict[tuple[str, ...], Path | None] = {}
        self._names: dict[Path, str | None] = {}

    @cached_property
    def checkout(self) -> Path:
        """The nearest directory that holds `.git`, or where the command was started."""
        for directory in (self._root, *self._root.parents):
            if (directory / ".git").exists():
                return directory
        return self._root

    def of_test(self, test_id: str) -> Place | None:
        """Return where a test or a class is defined, or at least its class or its module."""
        path, rest = self._module(test_id)
        name = None if path is None else self._name(path)
        return None if path is None or name is None else Place(name, _line(path, rest))

    def of_failure(self, test: TestRow) -> Place | None:
        """Return the line of the test's file that its failure went through last.

        Where it went through none (a fixture of a base class, a worker that died), it is the line
        of the project that it went through last, or else the test itself.
        """
        own = self.of_test(test.id)
        last = None
        for found in reversed(list(_FRAME.finditer(test.detail))):
            # A worker may have had the project elsewhere; the end of the path is the same.
            if own is not None and f"/{found[1]}".endswith(f"/{own.file}"):
                return Place(own.file, int(found[2]))
            name = self._name(Path(found[1]))
            if last is None and name is not None and "site-packages" not in name:
                last = Place(name, int(found[2]))
        return last if own is None or last is not None else own

    def _module(self, test_id: str) -> tuple[Path | None, tuple[str, ...]]:
        """Return the file of the module that an id begins with, and what comes after."""
        parts = tuple(test_id.removeprefix(NOT_LOADED).split("."))
        # From the package on: a class in a module that was found isn't looked for as a module.
        found: tuple[Path | None, tuple[str, ...]] = (None, ())
        for end in range(1, len(parts) + 1):
            module = parts[:end]
            if module not in self._files:
                self._files[module] = self._file(module)
            path = self._files[module]
            if path is not None:
                found = path, parts[end:]
            elif found[0] is not None and found[0].name != "__init__.py":
                break
        return found

    def _file(self, module: tuple[str, ...]) -> Path | None:
        loaded = getattr(sys.modules.get(".".join(module)), "__file__", None)
        if loaded is not None:
            return Path(loaded)
        for directory in self._directories:
            plain = directory.joinpath(*module).with_suffix(".py")
            for path in (plain, directory.joinpath(*module, "__init__.py")):
                if path.is_file():
                    return path
        return None

    @cached_property
    def _directories(self) -> list[Path]:
        found = [Path(entry).resolve() for entry in sys.path if entry]
        return [self._root, *(path for path in found if path.is_relative_to(self._root))]

    def _name(self, path: Path) -> str | None:
        if path not in self._names:
            resolved = path.resolve()
            is_inside = resolved.is_relative_to(self.checkout)
            self._names[path] = (
                resolved.relative_to(self.checkout).as_posix() if is_inside else None
            )
        return self._names[path]


def _line(path: Path, names: tuple[str, ...]) -> int | None:
    """Return the line of the innermost definition of these that the file has."""
    lines = _definitions(path)
    for end in range(len(names), 0, -1):
        line = lines.get(names[:end])
        if line is not None:
            return line
    return None


@cache
def _definitions(path: Path) -> dict[tuple[str, ...], int]:
    """Return the lines of a file's classes and functions, by qualified name."""
    try:
        return dict(_defined(ast.parse(path.read_bytes()), ()))
    except (OSError, SyntaxError, ValueError, RecursionError):
        # What can't be read can't be loaded either, which the run has told.
        return {}


def _defined(node: ast.AST, around: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield (*around, child.name), child.lineno
            if isinstance(child, ast.ClassDef):
                yield from _defined(child, (*around, child.name))
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from _defined(child, around)
