"""Edits of a text, and pieces of syntax trees found in their source again."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

Span = tuple[int, int]
"""Begin and end in characters."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Edit:
    """A candidate for a mutant."""

    kind: str
    operator: str
    span: Span
    new: str


class Source:
    """A Python file: text, tree, and where the tree's nodes stand in the text."""

    def __init__(self, path: str, text: str) -> None:
        """Raise SyntaxError where the text isn't Python."""
        self.path = path
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Every node's parent."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def offset(self, line: int, column: int) -> int:
        """Return the place in the text of a line (from 1) and a column in UTF-8 bytes."""
        if line > len(self._lines):
            return len(self.text)
        before = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(before)

    def span(self, node: ast.AST) -> Span:
        """Return where an expression or statement stands, without its decorators."""
        assert isinstance(node, ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin = self.offset(node.lineno, node.col_offset)
        return begin, self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.AST) -> str:
        """Return a node's text."""
        begin, end = self.span(node)
        return self.text[begin:end]

    def decorated_span(self, node: ast.stmt) -> Span:
        """Return where a statement stands, its decorators included."""
        begin, end = self.span(node)
        decorators = getattr(node, "decorator_list", [])
        if decorators:
            begin = self.text.rindex("@", 0, self.span(decorators[0])[0])
        return begin, end

    def decorator_span(self, decorator: ast.expr) -> Span:
        """Return the lines of one decorator."""
        begin, end = self.span(decorator)
        begin = self.text.rindex("@", 0, begin)
        begin = self.text.rfind("\n", 0, begin) + 1
        after = self.text.find("\n", end)
        return begin, len(self.text) if after < 0 else after + 1

    def indentation(self, node: ast.stmt) -> str:
        """Return the white space before a statement."""
        return " " * node.col_offset

    def line(self, offset: int) -> int:
        """Return the line (from 1) of a place in the text."""
        return self.text.count("\n", 0, offset) + 1

    def classes(self) -> Iterator[ast.ClassDef]:
        """Yield all classes, also those inside others."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))

    def functions(self) -> Iterator[Function]:
        """Yield all functions and methods."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def owner(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the class that a statement stands in directly."""
        parent = self.parents.get(node)
        return parent if isinstance(parent, ast.ClassDef) else None


def without_item(source: Source, items: Sequence[ast.AST], index: int) -> Span:
    """Return what to delete so that a comma-separated list loses one item."""
    begin, end = source.span(items[index])
    if index + 1 < len(items):
        return begin, source.span(items[index + 1])[0]
    if index:
        return source.span(items[index - 1])[1], end
    comma = re.compile(r"\s*,").match(source.text, end)
    return begin, comma.end() if comma else end


def swapped(source: Source, first: ast.AST, second: ast.AST) -> tuple[Span, str]:
    """Return the span of two pieces and the text in which they have changed places."""
    (begin, middle), (resumed, end) = source.span(first), source.span(second)
    between = source.text[middle:resumed]
    return (begin, end), source.segment(second) + between + source.segment(first)


def merged(text: str, edits: Sequence[tuple[Span, str]]) -> tuple[Span, str]:
    """Return several edits that don't overlap as one."""
    ordered = sorted(edits)
    begin, end = ordered[0][0][0], ordered[-1][0][1]
    parts, place = [], begin
    for (start, stop), new in ordered:
        parts += [text[place:start], new]
        place = stop
    return (begin, end), "".join(parts)
