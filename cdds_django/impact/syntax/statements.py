"""What single statements and expressions are, and what they do when they run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from cdds_django.impact.syntax.digests import FunctionNode
from cdds_django.impact.syntax.mentions import called, dotted


def without_docstring(body: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    first = body[0] if body else None
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if is_text and isinstance(first.value.value, str) else body  # type: ignore[union-attr]


_GENERIC_TYPES = frozenset(
    {"Annotated", "AsyncIterator", "Awaitable", "Callable", "ClassVar", "Coroutine", "Final"}
    | {"Generator", "Iterable", "Iterator", "Literal", "Mapping", "Optional", "Sequence", "Union"}
    | {"Dict", "List", "Set", "Tuple", "Type", "dict", "frozenset", "list", "set", "tuple", "type"}
)
"""What makes a type of types when it is subscripted."""


def assigned_names(node: ast.stmt) -> list[str] | None:
    """Return the names that a plain assignment binds, None for any other statement."""
    targets: Sequence[ast.AST]
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    elif isinstance(node, getattr(ast, "TypeAlias", ())):
        targets = [node.name]  # type: ignore[attr-defined]
    else:
        return None
    names: list[str] = []
    for target in targets:
        for part in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
            inner = part.value if isinstance(part, ast.Starred) else part
            if not isinstance(inner, ast.Name):
                return None
            names.append(inner.id)
    # A walrus inside binds as well.
    names += [part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
    return names


LITERAL_SQL = "operations migrations.RunSQL: "
"""What the key of an operation begins with that runs SQL which is there to read."""


def migration_operations(node: ast.stmt) -> list[tuple[str, ast.AST]] | None:
    """Return a migration's operations, each with a key that says what it is done to."""
    if not (isinstance(node, ast.Assign) and assigned_names(node) == ["operations"]):
        return None
    if not isinstance(node.value, ast.List):
        return None
    found: list[tuple[str, ast.AST]] = []
    for operation in node.value.elts:
        subjects = [
            part.value
            for part in ast.walk(operation)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        sql = _literal_sql(operation)
        if sql is None:
            key = " ".join(["operations", called(operation) or "", *subjects[:2]])
        else:
            key = LITERAL_SQL + ";\n".join(sql)
        found.append((key, operation))
    return found


def _literal_sql(operation: ast.AST) -> list[str] | None:
    """Return the statements of a RunSQL that has nothing but texts, None for anything else."""
    if not isinstance(operation, ast.Call) or called(operation.func) != "migrations.RunSQL":
        return None
    given = [*operation.args, *(k.value for k in operation.keywords)]
    if {k.arg for k in operation.keywords} - {"sql", "reverse_sql", "elidable"} or not given:
        return None
    first = next((k.value for k in operation.keywords if k.arg == "sql"), given[0])
    texts = first.elts if isinstance(first, ast.List | ast.Tuple) else [first]
    found = [t.value for t in texts if isinstance(t, ast.Constant) and isinstance(t.value, str)]
    return found if found and len(found) == len(texts) else None


def bound_within(node: ast.AST) -> set[str]:
    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.add(part.id)
        elif isinstance(part, ast.ClassDef | FunctionNode):
            found.add(part.name)
        elif isinstance(part, ast.alias):
            found.add(part.asname or part.name.partition(".")[0])
    return found


def acted_on(node: ast.AST) -> Iterator[str]:
    """Yield the names of what an effect calls, assigns to or deletes."""
    for part in ast.walk(node):
        is_stored = isinstance(part, ast.Attribute | ast.Subscript) and not isinstance(
            part.ctx, ast.Load
        )
        if isinstance(part, ast.Call) or is_stored:
            if (name := called(part)) is not None:
                yield name
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del):
            yield part.id


def is_idle(node: ast.stmt) -> bool:
    """Whether a statement does nothing that outlasts it."""
    if isinstance(node, ast.Pass | ast.Assert | ast.Raise | ast.Global | ast.Nonlocal):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant | ast.Name)


def is_literal(node: ast.AST | None) -> bool:
    """Whether an expression gives a value that nothing can change in place."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Tuple):
        return all(map(is_literal, node.elts))
    if isinstance(node, ast.UnaryOp):
        return is_literal(node.operand)
    if isinstance(node, ast.Subscript):
        name = called(node.value) or ""
        return name.rpartition(".")[2] in _GENERIC_TYPES
    if isinstance(node, ast.BinOp):
        return is_literal(node.left) and is_literal(node.right)
    return False


def is_plain(node: ast.AST | None) -> bool:
    """Whether an expression is made of literals, marked for translation at most."""
    if isinstance(node, ast.Tuple):
        return all(map(is_plain, node.elts))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        return not node.keywords and all(isinstance(arg, ast.Constant) for arg in node.args)
    return is_literal(node)


def is_type_checking(test: ast.AST) -> bool:
    return dotted(test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING")
