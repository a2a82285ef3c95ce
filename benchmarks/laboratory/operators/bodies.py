"""Edits inside of functions."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Function, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators.base import statement_dropped
from benchmarks.laboratory.reading import changed_literal, is_docstring, name_of

KIND = "function bodies"
_SWAPPED = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: ">=",
    ast.LtE: ">",
    ast.Gt: "<=",
    ast.GtE: "<",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
OPERATORS = {
    *("condition negated", "comparison turned", "None returned", "call: removed"),
    *("assignment: removed", "raise: removed", "constant changed", "and/or swapped"),
}
"""What `within` does."""
_QUIET = {"debug", "info", "warning", "error", "exception", "print", "write"}


def find(source: Source, families: Families) -> Iterator[Edit]:
    """Edit all functions of a file."""
    for function in source.functions():
        if not isinstance(source.parents[function], Function):
            yield from within(KIND, source, function)


def within(kind: str, source: Source, function: Function) -> Iterator[Edit]:
    """Edit one function's body."""
    for statement in function.body:
        if not is_docstring(statement):
            for node in ast.walk(statement):
                yield from _edits(kind, source, node)


def _edits(kind: str, source: Source, node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        new = f"not ({source.segment(node.test)})"
        yield Edit(kind, "condition negated", source.span(node.test), new)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SWAPPED:
        left, right = source.segment(node.left), source.segment(node.comparators[0])
        new = f"{left} {_SWAPPED[type(node.ops[0])]} {right}"
        yield Edit(kind, "comparison turned", source.span(node), new)
    elif isinstance(node, ast.Return) and not _is_none(node.value):
        yield Edit(kind, "None returned", source.span(node), "return None")
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        if name_of(node.value) not in _QUIET:
            yield statement_dropped(kind, "call", source, node)
    elif isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name | ast.Tuple)
    ):
        yield statement_dropped(kind, "assignment", source, node)
    elif isinstance(node, ast.Raise):
        yield statement_dropped(kind, "raise", source, node)
    elif isinstance(node, ast.Constant) and not isinstance(
        source.parents[node], ast.JoinedStr | ast.FormattedValue | ast.Expr
    ):
        if (other := changed_literal(node)) is not None:
            yield Edit(kind, "constant changed", source.span(node), other)
    elif isinstance(node, ast.BoolOp) and len(node.values) == 2:
        word = "or" if isinstance(node.op, ast.And) else "and"
        left, right = (source.segment(value) for value in node.values)
        yield Edit(kind, "and/or swapped", source.span(node), f"({left}) {word} ({right})")


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)
