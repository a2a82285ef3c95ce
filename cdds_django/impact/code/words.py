"""Where a name stands in the project's and in other people's source."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.graph.modules import is_migration
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


_READ_DESCRIPTIONS = (
    frozenset({"_meta", "choices", "clean_fields", "construct_instance", "editable"})
    | frozenset({"error_messages", "fields_for_model", "filterset_factory", "flatchoices"})
    | frozenset({"formfield", "full_clean", "get_choices", "get_field", "help_text"})
    | frozenset({"HyperlinkedModelSerializer", "inlineformset_factory", "model_to_dict"})
    | frozenset({"ModelForm", "modelform_factory", "modelformset_factory", "ModelSerializer"})
    | frozenset({"run_validators", "validators", "verbose_name"})
)
"""Names that a function has which reads descriptive options of whatever model it meets, or makes a
class that does."""

Place = tuple[str, str, bool]
"""A file's key, a definition's or function's, and whether it is a function's body."""


def who_names(name: str, code: CodeState) -> Iterator[Place]:
    """Yield where the project's code has a name, as attribute, argument or within a string."""
    word = re.compile(rb"\b%s\b" % re.escape(name.encode()))
    yield from _where(word, lambda node, in_body: _names(node, name), code, code.files)


def who_describes(
    fields: Collection[str], code: CodeState, settings_files: Collection[str]
) -> Iterator[Place]:
    """Yield where the project's code may read descriptive options of models' fields without
    mentioning the model.

    Functions do it by the names of Django's interface, definitions by going through a relation
    (`"event__status"`, `"event.status"`, `depth` in a serializer). Dots in settings stand between
    modules.
    """
    readers = _READ_DESCRIPTIONS | set(map(display_of, fields))
    ordinary = [path for path in code.files if not is_migration(path)]
    for files, dots in ((set(ordinary) - set(settings_files), r"|\."), (settings_files, "")):
        through = rf"(?:__{dots})(?:{'|'.join(map(re.escape, fields))})(?:\b|__)"
        words = rf"\b(?:depth|{'|'.join(map(re.escape, readers))})\b|{through}"
        reads = _reader(readers, re.compile(through))
        yield from _where(re.compile(words.encode()), reads, code, sorted(files))


def _reader(readers: Collection[str], through: re.Pattern[str]) -> Callable[[ast.AST, bool], bool]:
    def reads(node: ast.AST, in_body: bool) -> bool:
        if in_body:
            return any(_names(node, name) for name in readers)
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str) and through.search(node.value) is not None
        return isinstance(node, ast.Name) and node.id == "depth"

    return reads


def display_of(field: str) -> str:
    """Return the name of the method that gives a field's choice as people read it."""
    return f"get_{field}_display"


def _where(
    word: re.Pattern[bytes],
    is_wanted: Callable[[ast.AST, bool], bool],
    code: CodeState,
    files: Iterable[str],
) -> Iterator[Place]:
    for path in files:
        try:
            content = code.tree.path(path).read_bytes()
            if word.search(content):
                found = set(_places(ast.parse(content), is_wanted, "", in_body=False))
                yield from ((path, key, in_body) for key, in_body in sorted(found))
        except (OSError, SyntaxError, ValueError):
            continue  # What can't be read is dealt with as a whole.


def _places(
    node: ast.AST, is_wanted: Callable[[ast.AST, bool], bool], key: str, *, in_body: bool
) -> Iterator[tuple[str, bool]]:
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
        if is_wanted(child, in_function):
            yield inner, in_function
        yield from _places(child, is_wanted, inner, in_body=in_function)


def _names(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == name
    if isinstance(node, ast.keyword | ast.arg):
        return node.arg == name
    if isinstance(node, ast.Name):
        return node.id == name
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and name in node.value
