"""Where a name stands in the project's and in other people's source."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from cdds_django.impact.code import CodeState
from cdds_django.impact.syntax.digests import FunctionNode


@lru_cache(maxsize=1000)
def packages_name(name: str, packages: frozenset[str]) -> bool:
    """Whether the source of installed packages has a name as an attribute or as a whole string."""
    pattern = re.compile(rb"\.%(n)s\b|['\"]%(n)s['\"]" % {b"n": re.escape(name.encode())})
    outside = packages - sys.stdlib_module_names
    return any(pattern.search(content) for content in _contents(outside))


def _contents(packages: Iterable[str]) -> Iterator[bytes]:
    for package in sorted(packages):
        for directory in getattr(sys.modules.get(package), "__path__", ()):
            for path in Path(directory).rglob("*.py"):
                if not {"tests", "locale", "migrations"} & set(path.parts):
                    yield path.read_bytes()


def who_names(name: str, code: CodeState) -> Iterator[tuple[str, str, bool]]:
    """Yield where the project's code has a name, as an attribute, an argument or within a string:
    the file's key, the definition's or function's, and whether it is a function's body."""
    word = re.compile(rb"\b%s\b" % re.escape(name.encode()))
    for path in code.files:
        try:
            content = code.tree.path(path).read_bytes()
            if word.search(content):
                found = set(_places(ast.parse(content), name, "", in_body=False))
                yield from ((path, key, in_body) for key, in_body in sorted(found))
        except (OSError, SyntaxError, ValueError):
            continue  # What can't be read is dealt with as a whole.


def _places(node: ast.AST, name: str, key: str, *, in_body: bool) -> Iterator[tuple[str, bool]]:
    for child in ast.iter_child_nodes(node):
        inner, in_function = key, in_body
        if isinstance(child, ast.ClassDef | FunctionNode) and not in_body:
            inner = f"{key}.{child.name}" if key else child.name
            in_function = isinstance(child, FunctionNode)
        elif not key and isinstance(child, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    inner = target.id
        if _names(child, name):
            yield inner, in_function
        yield from _places(child, name, inner, in_body=in_function)


def _names(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == name
    if isinstance(node, ast.keyword | ast.arg):
        return node.arg == name
    if isinstance(node, ast.Name):
        return node.id == name
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and name in node.value
