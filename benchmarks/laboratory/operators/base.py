"""What all operators share."""

import ast
from collections.abc import Callable, Iterator, Mapping

from benchmarks.laboratory.edits import Edit, Source, Span, swapped, without_item
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.reading import Assignment, Display, changed_literal, name_of

Operator = Callable[[Source, Families], Iterator[Edit]]


def items_removed(kind: str, what: str, source: Source, node: ast.AST) -> Iterator[Edit]:
    """Remove each item of a list, tuple, set or dict in turn."""
    if isinstance(node, Display):
        for index in range(len(node.elts)):
            yield Edit(kind, f"{what}: item removed", without_item(source, node.elts, index), "")
    elif isinstance(node, ast.Dict):
        for index, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if key is not None:
                end = source.span(value)[1]
                after = node.keys[index + 1] if index + 1 < len(node.keys) else None
                span: Span = (source.span(key)[0], source.span(after)[0] if after else end)
                if after is None and source.text[end : end + 1] == ",":
                    span = (span[0], end + 1)
                yield Edit(kind, f"{what}: item removed", span, "")


def items_swapped(kind: str, what: str, source: Source, node: ast.AST) -> Iterator[Edit]:
    """Swap each item of a list or tuple with the next."""
    if isinstance(node, ast.List | ast.Tuple):
        for first, second in zip(node.elts, node.elts[1:], strict=False):
            span, new = swapped(source, first, second)
            if source.text[span[0] : span[1]] != new:
                yield Edit(kind, f"{what}: reordered", span, new)


def literal_changed(kind: str, what: str, source: Source, node: ast.expr) -> Iterator[Edit]:
    """Change a literal, or the literals that a display holds."""
    nodes = node.elts if isinstance(node, Display) else [node]
    if isinstance(node, ast.Dict):
        nodes = node.values
    for each in nodes:
        part = isinstance(source.parents[each], ast.JoinedStr | ast.FormattedValue)
        if not part and (new := changed_literal(each)) is not None:
            yield Edit(kind, f"{what}: changed", source.span(each), new)


def statement_dropped(kind: str, what: str, source: Source, node: ast.stmt) -> Edit:
    """Replace a statement, its decorators included, by `pass`."""
    return Edit(kind, f"{what}: removed", source.decorated_span(node), "pass")


def keywords_edited(
    kind: str, source: Source, call: ast.Call, flipped: Mapping[str, str], what: str = "option"
) -> Iterator[Edit]:
    """Remove or change keyword arguments of a call; `flipped` gives values for some names."""
    arguments = [*call.args, *call.keywords]
    arguments.sort(key=source.span)
    for keyword in call.keywords:
        if keyword.arg is None:
            continue
        what_now = f"{what} {keyword.arg}"
        span = without_item(source, arguments, arguments.index(keyword))
        yield Edit(kind, f"{what_now}: removed", span, "")
        yield from literal_changed(kind, what_now, source, keyword.value)
        if isinstance(keyword.value, Display) and keyword.value.elts:
            yield from items_removed(kind, what_now, source, keyword.value)
    present = {keyword.arg for keyword in call.keywords}
    for name, value in flipped.items():
        if name not in present:
            end = source.span(call)[1] - 1
            comma = ", " if arguments and not source.text[:end].rstrip().endswith(",") else ""
            yield Edit(kind, f"{what} {name}: added", (end, end), f"{comma}{name}={value}")


def added_to_class(kind: str, operator: str, source: Source, cls: ast.ClassDef, text: str) -> Edit:
    """Append statements to a class's body; `text` is indented as if at the margin."""
    last = cls.body[-1]
    end = source.span(last)[1]
    indent = " " * cls.body[0].col_offset
    if last.lineno == cls.lineno:  # all on one line
        return Edit(kind, operator, source.span(last), "\n" + _indented(text, "    "))
    return Edit(kind, operator, (end, end), "\n\n" + _indented(text, indent))


def _indented(text: str, indent: str) -> str:
    return "\n".join(indent + line if line else line for line in text.splitlines())


def value_replaced(
    kind: str, name: str, source: Source, statement: Assignment, new: str
) -> Iterator[Edit]:
    """Give an assignment another value."""
    assert statement.value is not None
    if source.segment(statement.value) != new:
        yield Edit(kind, f"{name} = {new}", source.span(statement.value), new)


def bases_removed(kind: str, source: Source, cls: ast.ClassDef) -> Iterator[Edit]:
    """Remove each base of a class that has more than one, keywords aside."""
    if len(cls.bases) > 1 and not cls.keywords:
        for index, base in enumerate(cls.bases):
            span = without_item(source, cls.bases, index)
            yield Edit(kind, f"base {name_of(base)} removed", span, "")


def decorators_removed(
    kind: str, source: Source, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Edit]:
    """Remove each decorator in turn."""
    for decorator in node.decorator_list:
        span = source.decorator_span(decorator)
        yield Edit(kind, f"@{name_of(decorator)} removed", span, "")
