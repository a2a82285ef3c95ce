"""Routes: `path()`, `re_path()`, `include()`, routers."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source, swapped, without_item
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators.base import items_swapped, statement_dropped
from benchmarks.laboratory.reading import Display, name_of

KIND = "urls: routes removed or changed"
ORDER = "urls: order"
NAMES = "urls: names"
_ROUTES = {"path", "re_path", "url"}


def find(source: Source, families: Families) -> Iterator[Edit]:
    """Edit the routes of a file that has some."""
    if "urlpatterns" not in source.text:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, Display) and any(name_of(each) in _ROUTES for each in node.elts):
            for index in range(len(node.elts)):
                yield Edit(KIND, "route removed", without_item(source, node.elts, index), "")
            yield from items_swapped(ORDER, "routes", source, node)
            # The last is often an `include()` of whatever isn't listed before.
            for early in node.elts[:-2]:
                yield Edit(ORDER, "last route earlier", *swapped(source, early, node.elts[-1]))
        elif isinstance(node, ast.Call) and name_of(node) in _ROUTES and node.args:
            yield from _route(source, node)
        elif isinstance(node, ast.Expr) and name_of(node.value) == "register":
            yield statement_dropped(KIND, "registration", source, node)
            yield from _registration(source, node.value)


def _route(source: Source, call: ast.Call) -> Iterator[Edit]:
    yield from _text(KIND, "path changed", source, call.args[0])
    yield from _called(source, call)


def _registration(source: Source, node: ast.expr) -> Iterator[Edit]:
    if isinstance(node, ast.Call):
        if node.args:
            yield from _text(KIND, "prefix changed", source, node.args[0])
        yield from _called(source, node)


def _called(source: Source, call: ast.Call) -> Iterator[Edit]:
    arguments = [*call.args, *call.keywords]
    for index, argument in enumerate(arguments):
        if isinstance(argument, ast.keyword) and argument.arg in ("name", "basename"):
            yield from _text(NAMES, f"{argument.arg} changed", source, argument.value)
            span = without_item(source, arguments, index)
            yield Edit(NAMES, f"{argument.arg} removed", span, "")


def _text(kind: str, operator: str, source: Source, node: ast.expr) -> Iterator[Edit]:
    """Put a letter in front of what a text begins with."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        begin, end = source.span(node)
        text = source.text[begin:end]
        place = begin + text.index(text[-1]) + 1
        place += source.text[place] == "^"
        yield Edit(kind, operator, (place, place), "x/" if kind == KIND else "x")
