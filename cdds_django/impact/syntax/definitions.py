"""What a module makes when it is imported, piece by piece.

A definition is what one name is bound to: a class's header, one of its attributes or methods'
declarations, a function's declaration, an assignment, an import; or an effect, a statement that is
there for what it does. Bodies of functions aren't part of any, since they don't run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdds_django.impact.syntax.annotations import annotations_read
from cdds_django.impact.syntax.digests import (
    FunctionNode,
    body_digest,
    declaration,
    digest_of,
    docstring,
    text_digest,
)
from cdds_django.impact.syntax.field_options import without_descriptions
from cdds_django.impact.syntax.mentions import IMPORTED, Scope, called, dotted, mentions
from cdds_django.impact.syntax.nested import mentions_at_once, names_of, times_called
from cdds_django.impact.syntax.statements import (
    acted_on,
    assigned_names,
    bound_within,
    is_idle,
    is_literal,
    is_plain,
    is_type_checking,
    migration_operations,
    without_docstring,
)

CLASS, FUNCTION, IMPORT, VALUE, LITERAL, EFFECT = (
    "class",
    "function",
    "import",
    "value",
    "literal",
    "effect",
)
STAR = "*"
ATTRIBUTE_ORDER = "<order>"

_INERT = (
    *("logging.getLogger", "re.compile"),
    *(f"unittest.{name}" for name in ("skip", "skipIf", "skipUnless")),
)
"""What gives something that nothing can be put into, and that keeps nothing it is called with."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One thing that a module makes, by its key: "Order", "Order.Meta", "<router.register>"."""

    digest: str
    kind: str
    """class, function, import, value, literal (a value that nothing can fill) or effect."""
    mentions: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    """What its decorators call, or what an effect calls or assigns to: who may keep it."""
    times: tuple[int, ...] = field(default=(), compare=False)
    """How often each of its decorators' `calls` is called, one after the other; 0: who knows."""
    bases: tuple[str, ...] = ()
    """Of a class: the names of its bases and of its metaclass."""
    essence: str = ""
    """Of a field with descriptive options: the digest without these."""
    essential_mentions: tuple[str, ...] = ()
    """Of the same: the mentions that aren't in these options alone."""

    @property
    def essential_digest(self) -> str:
        """The digest of what isn't a descriptive option of a field."""
        return self.essence or self.digest


@dataclass
class _Draft:
    kind: str
    digests: list[str] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)
    calls: dict[str, int] = field(default_factory=dict)
    bases: list[str] = field(default_factory=list)
    bare: ast.AST | None = None


@dataclass(frozen=True)
class _Context:
    """The statements around one: `if`, `try`, `with`."""

    digest: str = ""
    mentions: frozenset[str] = frozenset()


class DefinitionReader:
    """Reads one module. What it found is in the attributes afterwards."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._drafts: dict[str, _Draft] = {}
        self._wraps: frozenset[str] = frozenset()
        self._inert: frozenset[str] = frozenset()
        self.order: list[str] = []
        """The keys of definitions whose order may matter, as they came."""
        self.bodies: dict[str, list[str]] = {}
        """The digests of functions' bodies, by qualified name."""
        self.body_mentions: dict[str, set[str]] = {}
        self.hints: dict[str, set[str]] = {}
        """What annotations of functions mention, by qualified name."""
        self.at_once: dict[str, tuple[frozenset[str], ...]] = {}
        """What functions mention that runs when they are called, where that is less."""
        self.loaders: set[str] = set()
        """The functions that do nothing but import modules."""

    def read(self, tree: ast.Module) -> dict[str, Definition]:
        """Return the definitions of a module, by key."""
        self._wraps = names_of(tree, "functools.wraps")
        self._inert = names_of(tree, *_INERT)
        if (text := docstring(tree)) is not None:
            self._add("__doc__", LITERAL, [text])
        self._statements(without_docstring(tree.body), _Context())
        return {
            key: Definition(
                digest=text_digest(draft.digests),
                kind=draft.kind,
                mentions=tuple(sorted(draft.mentions)),
                calls=tuple(draft.calls),
                times=tuple(draft.calls.values()) if any(draft.calls.values()) else (),
                bases=tuple(dict.fromkeys(draft.bases)),
                **self._essence(draft.bare),
            )
            for key, draft in self._drafts.items()
        }

    def _statements(self, nodes: Iterable[ast.stmt], context: _Context) -> None:
        for node in nodes:
            self._statement(node, context)

    def _statement(self, node: ast.stmt, context: _Context) -> None:
        if isinstance(node, FunctionNode):
            self._function(node, "", context)
        elif isinstance(node, ast.ClassDef):
            self._class(node, "", context)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node, context)
        elif isinstance(node, ast.If):
            inner = self._inside(context, node.test)
            if not is_type_checking(node.test):
                self._statements(node.body, inner)
            self._statements(node.orelse, inner)
        elif isinstance(node, ast.Try | ast.TryStar):
            inner = self._inside(context, *(handler.type for handler in node.handlers))
            self._statements(node.body, inner)
            for handler in node.handlers:
                self._statements(handler.body, inner)
            self._statements([*node.orelse, *node.finalbody], inner)
        elif isinstance(node, ast.With | ast.AsyncWith):
            inner = self._inside(context, *node.items)
            self._statements(node.body, inner)
        elif (names := assigned_names(node)) is not None:
            value = getattr(node, "value", None)
            is_fixed = is_literal(value) or self._is_inert(value)
            kind = LITERAL if is_fixed and not isinstance(node, ast.AugAssign) else VALUE
            for name in names:
                self._add(name, kind, [digest_of([node])], [node], context)
        elif not is_idle(node):
            self._effect(node, context)

    def _is_inert(self, value: ast.AST | None) -> bool:
        return isinstance(value, ast.Call) and dotted(value.func) in self._inert

    def _inside(self, context: _Context, *nodes: ast.AST | None) -> _Context:
        return _Context(
            digest=f"{context.digest}/{digest_of(nodes)}",
            mentions=context.mentions | mentions(nodes, self._scope),
        )

    def _effect(self, node: ast.stmt, context: _Context) -> None:
        targets = sorted(acted_on(node))
        key = f"<{targets[0]}>" if targets else "<statement>"
        draft = self._add(key, EFFECT, [digest_of([node])], [node], context)
        draft.calls.update(dict.fromkeys(targets, 0))
        self._functions_within([node], "")
        for name in sorted(bound_within(node)):
            self._add(name, VALUE, [digest_of([node])], [node], context)

    def _import(self, node: ast.Import | ast.ImportFrom, context: _Context) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                key = alias.asname or alias.name.partition(".")[0]
                target = alias.name
            else:
                key = alias.asname or alias.name
                target = f"{self._scope.absolute(node)}.{alias.name}"
            draft = self._add(key, IMPORT, [target, str(alias.asname)], (), context)
            draft.mentions.add(f"{IMPORTED}{target}")

    def _function(self, node: FunctionNode, prefix: str, context: _Context) -> None:
        key = f"{prefix}{node.name}"
        parts = declaration(node)
        decorators: Sequence[ast.AST] = node.decorator_list
        evaluated: list[ast.AST | None] = [*node.args.defaults, *node.args.kw_defaults]
        hints = [part for part in parts if part is not None and part not in decorators]
        evaluated += annotations_read(node, hints)
        text = [type(node).__name__, str(docstring(node)), digest_of(parts)]
        draft = self._add(key, FUNCTION, text, evaluated, context)
        self._decorate(draft, decorators)
        self._body(key, node, hints)

    def _decorate(self, draft: _Draft, decorators: Iterable[ast.AST]) -> None:
        for decorator in decorators:
            name = called(decorator)
            draft.mentions |= mentions([decorator], self._scope) - {name}
            if name:
                times = times_called(decorator)
                draft.calls[name] = times if draft.calls.get(name, times) == times else 0

    def _body(self, key: str, node: FunctionNode, hints: Iterable[ast.AST | None]) -> None:
        self.bodies.setdefault(key, []).append(body_digest(node))
        statements = without_docstring(node.body)
        if all(isinstance(s, ast.Import | ast.ImportFrom | ast.Pass) for s in statements):
            self.loaders.add(key)
        found = mentions(node.body, self._scope)
        self.hints.setdefault(key, set()).update(mentions(hints, self._scope))
        is_first = key not in self.body_mentions
        self.body_mentions.setdefault(key, set()).update(found)
        at_once = mentions_at_once(node, self._scope, self._wraps) if is_first else ()
        if at_once:
            self.at_once[key] = at_once
        else:
            self.at_once.pop(key, None)

    def _class(self, node: ast.ClassDef, prefix: str, context: _Context) -> None:
        key = f"{prefix}{node.name}"
        attributes: list[str] = []
        for statement in without_docstring(node.body):
            if isinstance(statement, FunctionNode):
                self._function(statement, f"{key}.", context)
                continue
            names = assigned_names(statement)
            if isinstance(statement, ast.ClassDef):
                names = [statement.name]
            self._functions_within([statement], f"{key}.")
            attributes += names or []
            operations = migration_operations(statement) if self._scope.is_migration else None
            if operations is not None:
                for name, operation in operations:
                    self._member(f"{key}.{name}", operation)
            elif not is_idle(statement):
                for name in names or ["<body>"]:
                    self._member(f"{key}.{name}", statement)
        arguments: list[ast.AST] = [*node.bases, *node.keywords, *getattr(node, "type_params", [])]
        text = [str(docstring(node)), digest_of([*arguments, *node.decorator_list])]
        draft = self._add(key, CLASS, text, arguments, context)
        self._decorate(draft, node.decorator_list)
        bases = [*node.bases, *(keyword.value for keyword in node.keywords if keyword.arg)]
        draft.bases += filter(None, map(called, bases))
        if attributes:
            # Fields are numbered, forms shown and rows sorted in this order.
            self._add(f"{key}.{ATTRIBUTE_ORDER}", VALUE, attributes)

    def _member(self, key: str, node: ast.AST) -> None:
        """Add what a class's body says besides methods, and what of it isn't descriptive."""
        kind = LITERAL if is_plain(getattr(node, "value", None)) else VALUE
        is_new = key not in self._drafts
        draft = self._add(key, kind, [digest_of([node])], [node])
        if is_new:
            draft.bare = without_descriptions(node, in_migration=self._scope.is_migration)

    def _essence(self, bare: ast.AST | None) -> dict[str, Any]:
        if bare is None:
            return {}
        found = mentions([bare], self._scope)
        return {
            "essence": text_digest(["", digest_of([bare])]),
            "essential_mentions": tuple(sorted(found)),
        }

    def _functions_within(self, nodes: Iterable[ast.AST], prefix: str) -> None:
        """Note the bodies of functions inside a statement, by their qualified names."""
        for node in nodes:
            if isinstance(node, FunctionNode):
                self._body(f"{prefix}{node.name}", node, [node.args, node.returns])
            elif isinstance(node, ast.ClassDef):
                self._functions_within(node.body, f"{prefix}{node.name}.")
            elif not isinstance(node, ast.Lambda):
                self._functions_within(ast.iter_child_nodes(node), prefix)

    def _add(
        self,
        key: str,
        kind: str,
        digests: Iterable[str],
        nodes: Iterable[ast.AST | None] = (),
        context: _Context = _Context(),
    ) -> _Draft:
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = _Draft(kind)
        elif draft.kind != kind:
            # Bound in several ways, as in `try: import a` with `except ImportError: a = None`.
            draft.kind = CLASS if CLASS in (draft.kind, kind) else VALUE
        draft.bare = None  # Of several statements, none is described apart.
        draft.digests += [context.digest, *digests]
        draft.mentions |= mentions(nodes, self._scope) | context.mentions
        self.order.append(key)
        return draft
