"""A file's source cut into regions, in which a point keeps its name while the region is unchanged.

A region is an outermost function or lambda, or all that runs when the file is imported. Its digest
is made from its syntax tree and from which parts of it share a line. Within regions of equal digest
the n-th distinct line is the same line, wherever edits elsewhere or comments have moved it.
"""

from __future__ import annotations

import ast
import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cdds_django.impact.code.tree import digest
from cdds_django.impact.syntax.digests import FunctionNode, body_digest, digest_of, text_digest
from cdds_django.runner.coverage.points import arc, ends

IMPORT = ""
"""The region that runs when the file is imported."""
MODULE_LINE = 1
"""The first line of every module's code, whatever stands there."""
WHOLE = "*"
"""The region of points that have no place in any other: unchanged while the whole file is."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """One region of a file."""

    name: str
    """The function's qualified name, or one of those above."""
    digest: str
    lines: tuple[int, ...]
    """Its distinct lines in the order of the syntax tree; of a function, its first line first."""


@dataclass(kw_only=True)
class FileRegions:
    """One version of a file."""

    digest: str
    """Of its content."""
    regions: dict[str, Region]
    """By name; the region `WHOLE` is always there."""
    _by_line: dict[int, str] = field(default_factory=dict, repr=False)
    _by_first: dict[int, str] = field(default_factory=dict, repr=False)
    _indexes: dict[str, dict[int, int]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name, region in self.regions.items():
            self._indexes[name] = {line: index for index, line in enumerate(region.lines)}
            if name not in (IMPORT, WHOLE):
                self._by_first.setdefault(region.lines[0], name)
                for line in region.lines[1:]:
                    self._by_line.setdefault(line, name)

    def named(self, point: int, *, branch: bool) -> tuple[str, int]:
        """Return a point's region and its name in there."""
        return self._named_arc(*ends(point)) if branch else self._named_line(point)

    def points(self, region: str, names: Iterable[int], *, branch: bool) -> Iterator[int]:
        """Yield the points of these names, as they are in this version."""
        lines = self.regions[region].lines
        if region == WHOLE:
            yield from names
        elif not branch:
            for name in names:
                yield lines[name]
        else:
            for name in names:
                start, end = ends(name)
                yield arc(_line(lines, start), _line(lines, end))

    def _named_line(self, line: int) -> tuple[str, int]:
        # A line that runs at import as well is covered by that.
        for region in (IMPORT, self._by_line.get(line)):
            index = self._indexes.get(region, {}).get(line) if region is not None else None
            if region is not None and index is not None:
                return region, index
        return WHOLE, line

    def _named_arc(self, start: int, end: int) -> tuple[str, int]:
        region = self._region_of_arc(start, end)
        indexes = self._indexes.get(region, {})
        if region == IMPORT and start == -MODULE_LINE and end in indexes:
            return region, arc(0, indexes[end] + 1)
        if region == IMPORT and end == -MODULE_LINE and start in indexes:
            return region, arc(indexes[start] + 1, 0)
        first, last = indexes.get(abs(start)), indexes.get(abs(end))
        if first is None or last is None:
            return WHOLE, arc(start, end)
        # Counted from 1, so that the sign can be kept.
        return region, arc(_signed(first + 1, start), _signed(last + 1, end))

    def _region_of_arc(self, start: int, end: int) -> str:
        outer, inner = (start, end) if start < 0 else (end, start)
        if outer < 0:
            function = self._by_first.get(-outer)
            if (
                function is not None
                and self._by_line.get(inner, function) == function
                and inner in self._indexes[function]
            ):
                return function
            return self._by_line.get(-outer, IMPORT)
        region = self._by_line.get(start)
        if region is None or self._by_line.get(end) != region:
            return IMPORT
        imported = self._indexes.get(IMPORT, {})
        return IMPORT if start in imported and end in imported else region


def _line(lines: tuple[int, ...], signed_index: int) -> int:
    if not signed_index:
        return -MODULE_LINE
    return _signed(lines[abs(signed_index) - 1], signed_index)


def _signed(number: int, sign: int) -> int:
    return -number if sign < 0 else number


def cut(content: bytes, *, is_python: bool = True) -> FileRegions:
    """Cut a file's content. What can't be parsed, or isn't Python, is one region."""
    whole = digest(content)
    regions = {WHOLE: Region(name=WHOLE, digest=whole, lines=())}
    if is_python:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            reader = _Reader()
            reader.read(ast.parse(content))
            regions.update([(region.name, region) for region in reader.regions()])
    return FileRegions(digest=whole, regions=regions)


class _Layout:
    """Which of a region's nodes stand on which of its lines."""

    def __init__(self) -> None:
        self._indexes: dict[int, int] = {}
        self._sequence: list[int] = []

    def add(self, line: int) -> None:
        self._sequence.append(self._indexes.setdefault(line, len(self._indexes)))

    def add_all(self, node: ast.AST) -> None:
        self.add_node(node)
        for child in ast.iter_child_nodes(node):
            self.add_all(child)

    def add_node(self, node: ast.AST) -> None:
        line = getattr(node, "lineno", None)
        if line is not None:
            self.add(line)
        if isinstance(node, ast.Attribute) and node.end_lineno is not None:
            # CPython gives a method's call the line of the method's name (Python/compile.c).
            self.add(node.end_lineno)

    def region(self, name: str, digests: Iterable[str]) -> Region:
        layout = ",".join(map(str, self._sequence))
        return Region(name=name, digest=text_digest([*digests, layout]), lines=tuple(self._indexes))


class _Reader:
    """Finds the outermost functions of a module; all else runs at import."""

    def __init__(self) -> None:
        self._imported = _Layout()
        self._import_digest = ""
        self._functions: dict[str, list[FunctionNode]] = defaultdict(list)
        self._lambdas: dict[int, list[ast.Lambda]] = defaultdict(list)

    def read(self, tree: ast.Module) -> None:
        self._import_digest = digest_of([tree])
        self._visit(tree, "")
        if not tree.body:
            self._imported.add(0)  # Where coverage.py sees an empty module.

    def regions(self) -> Iterator[Region]:
        yield self._imported.region(IMPORT, [self._import_digest])
        for name, functions in self._functions.items():
            for number, function in enumerate(functions):
                # Of several with one name, as a property's, each is a region.
                yield _function_region(f"{name}#{number}" if number else name, function)
        for number, lambdas in enumerate(self._lambdas.values()):
            layout = _Layout()
            layout.add(lambdas[0].lineno)
            for node in lambdas:
                layout.add_all(node.body)
            yield layout.region(f"<lambda>#{number}", [digest_of(n.body for n in lambdas)])

    def _visit(self, node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            self._imported.add_node(child)
            if isinstance(child, FunctionNode):
                self._functions[f"{prefix}{child.name}"].append(child)
                for part in (child.args, child.returns, *child.decorator_list):
                    if part is not None:
                        self._imported.add_node(part)
                        self._visit(part, prefix)
            elif isinstance(child, ast.Lambda):
                self._lambdas[child.lineno].append(child)
                self._visit(child.args, prefix)
            else:
                inner = f"{prefix}{child.name}." if isinstance(child, ast.ClassDef) else prefix
                self._visit(child, inner)


def _function_region(name: str, function: FunctionNode) -> Region:
    layout = _Layout()
    layout.add(min([function.lineno, *(d.lineno for d in function.decorator_list)]))
    for statement in function.body:
        layout.add_all(statement)
    return layout.region(name, [body_digest(function)])
