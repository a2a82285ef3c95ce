"""A module's source cut into what runs when it is imported and the bodies of its functions.

The two change for different reasons: a function's body concerns the tests that run it, anything
else of a module (class attributes, decorators, defaults, assignments, which functions there are)
takes effect at import, whoever runs later. What takes effect is cut further, into definitions.
Digests are made from the syntax tree, so comments and layout don't count.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cdds_django.impact.syntax.definitions import EFFECT, Definition, DefinitionReader
from cdds_django.impact.syntax.digests import text_digest
from cdds_django.impact.syntax.mentions import (
    STRING,
    SUBCLASSES,
    Scope,
    bound_names,
    imported_names,
)


@dataclass(frozen=True, kw_only=True)
class Symbols:
    """What one module's source consists of."""

    import_digest: str
    """Of all that takes effect when the module is imported."""
    functions: dict[str, str]
    """The digest of each function's body, by qualified name ("OrderViewSet.create")."""
    imports: tuple[str, ...]
    """Every dotted name that the module imports, at whatever depth, relative ones resolved; for
    `from a import b` both "a" and "a.b", since `b` may be a module."""
    definitions: dict[str, Definition] = field(default_factory=dict)
    """All that the module makes, by key."""
    mentions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What each function's body mentions, by qualified name."""
    hints: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What the annotations of each function mention besides."""
    at_once: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """Of functions that give away functions of their own, by qualified name: what they mention
    that runs when they are called once, and when they and what they gave are called."""
    loaders: frozenset[str] = frozenset()
    """The functions that do nothing but import modules."""
    order: tuple[str, ...] = ()
    """The keys of those definitions whose order may matter."""

    def loose_ends(self) -> frozenset[str]:
        """Return what may lead to other modules without an import: strings, lists of subclasses."""
        everything = [d.mentions for d in self.definitions.values()]
        everything += [*self.mentions.values(), *self.hints.values()]
        return frozenset(
            mention.removeprefix(STRING)
            for found in everything
            for mention in found
            if mention.startswith(STRING) or mention == SUBCLASSES
        )


def cut(source: str | bytes, *, module: str, is_package: bool = False) -> Symbols:
    """Cut the source of `module` (its dotted name). Raises SyntaxError or ValueError as `ast`."""
    tree = ast.parse(source)
    bound, has_star = bound_names(tree)
    scope = Scope(module=module, is_package=is_package, bound=bound, has_star=has_star)
    reader = DefinitionReader(scope)
    definitions = reader.read(tree)
    order = _significant_order(reader.order, definitions)
    return Symbols(
        import_digest=text_digest(
            [*(f"{key} {value.digest}" for key, value in sorted(definitions.items())), *order]
        ),
        functions={name: text_digest(parts) for name, parts in reader.bodies.items()},
        imports=tuple(sorted(set(imported_names(tree, scope)))),
        definitions=definitions,
        mentions={name: tuple(sorted(found)) for name, found in reader.body_mentions.items()},
        hints={
            name: tuple(sorted(more))
            for name, found in reader.hints.items()
            if (more := found - reader.body_mentions[name])
        },
        at_once={
            name: tuple(tuple(sorted(found)) for found in levels)
            for name, levels in reader.at_once.items()
        },
        loaders=frozenset(reader.loaders),
        order=order,
    )


def outline(symbols: Symbols) -> frozenset[str]:
    """Return the names that may lead from a module to others: imports and loose ends."""
    return symbols.loose_ends().union(symbols.imports)


def whole(digest: str) -> Symbols:
    """Return what is known of a file that can't be cut: that it is this one."""
    return Symbols(import_digest=digest, functions={}, imports=())


def _significant_order(keys: Sequence[str], found: Mapping[str, Definition]) -> tuple[str, ...]:
    """Return the keys whose order may matter: what registers itself somewhere, as it comes.

    Where a name is bound twice, it may be any, for what stands between sees the first value.
    """
    is_bound_twice = any(
        count > 1 and "." not in key and found[key].kind != EFFECT
        for key, count in Counter(keys).items()
    )
    return tuple(
        key
        for key in keys
        # A class finds its methods by name.
        if is_bound_twice or found[key].kind == EFFECT or (found[key].calls and "." not in key)
    )


def to_json(symbols: Symbols) -> str:
    """Write symbols as the map stores them."""
    return json.dumps(
        {
            "import_digest": symbols.import_digest,
            "functions": symbols.functions,
            "imports": symbols.imports,
            "definitions": {
                key: [d.digest, d.kind, d.mentions, d.calls, d.bases, *_seldom(d)]
                for key, d in symbols.definitions.items()
            },
            "mentions": symbols.mentions,
            "hints": symbols.hints,
            "at_once": symbols.at_once,
            "loaders": sorted(symbols.loaders),
            "order": symbols.order,
        },
        separators=(",", ":"),
    )


def from_json(text: str) -> Symbols:
    """Read what `to_json` wrote."""
    stored = json.loads(text)
    return Symbols(
        import_digest=stored["import_digest"],
        functions=stored["functions"],
        imports=tuple(stored["imports"]),
        definitions={key: _definition(*parts) for key, parts in stored["definitions"].items()},
        mentions={name: tuple(found) for name, found in stored["mentions"].items()},
        hints={name: tuple(found) for name, found in stored.get("hints", {}).items()},
        at_once={
            name: tuple(map(tuple, levels)) for name, levels in stored.get("at_once", {}).items()
        },
        loaders=frozenset(stored["loaders"]),
        order=tuple(stored["order"]),
    )


def _seldom(definition: Definition) -> tuple[object, ...]:
    """Return what only few definitions have."""
    if definition.times:
        return definition.essence, definition.essential_mentions, definition.times
    return (definition.essence, definition.essential_mentions) if definition.essence else ()


def _definition(
    digest: str,
    kind: str,
    mentions: Iterable[str],
    calls: Iterable[str],
    bases: Iterable[str],
    essence: str = "",
    essential_mentions: Iterable[str] = (),
    times: Iterable[int] = (),
) -> Definition:
    return Definition(
        digest=digest,
        kind=kind,
        mentions=tuple(mentions),
        calls=tuple(calls),
        bases=tuple(bases),
        essence=essence,
        essential_mentions=tuple(essential_mentions),
        times=tuple(times),
    )
