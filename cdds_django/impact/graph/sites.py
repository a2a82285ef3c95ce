"""The places that mention a symbol."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from cdds_django.impact.graph.modules import Modules, Symbol
from cdds_django.impact.syntax.definitions import CLASS, FUNCTION, IMPORT, LITERAL
from cdds_django.impact.syntax.mentions import ASSIGNED, OWN_MODULE

BODY, HINT, DEFINITION, CALL = "body", "hint", "definition", "call"
IN_FUNCTIONS = (BODY, HINT)

_OF_PLAIN_VALUES = frozenset(
    {"django.db.models.IntegerChoices", "django.db.models.TextChoices"}
    | {"django.db.models.enums.IntegerChoices", "django.db.models.enums.TextChoices"}
    | {"enum.IntEnum", "enum.IntFlag", "enum.StrEnum"}
)


class Site(NamedTuple):
    """A place that mentions a symbol: a function's body, its annotations, a definition, or whom it
    calls."""

    path: str
    key: str
    kind: str


class Sites:
    """Finds the places, module by module, as far as they are asked for."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._found: dict[str, dict[Symbol, list[Site]]] = {}

    def of(self, symbol: Symbol) -> list[Site]:
        """Return the places that mention a symbol, or its module as a whole."""
        found: list[Site] = []
        for path in sorted(self.modules.who_may_mention(symbol)):
            index = self._index(path)
            found += index.get(symbol, ())
            if symbol.name != OWN_MODULE:
                found += index.get(Symbol(symbol.path, OWN_MODULE), ())
        return found

    def in_module(self, path: str, *, of_now: bool = False) -> Iterator[tuple[Site, str]]:
        """Yield every place in a module that mentions something, with the mention; with `of_now`
        not what mentioned it before."""
        present = self.modules.present(path) if of_now else None
        versions = self.modules.versions(path) if not of_now else (present,) if present else ()
        for symbols in versions:
            for key, definition in symbols.definitions.items():
                for mention in definition.mentions:
                    yield Site(path, key, DEFINITION), mention
                for call in definition.calls:
                    yield Site(path, key, CALL), call
            for name, found in symbols.mentions.items():
                for mention in found:
                    yield Site(path, name, BODY), mention
            for name, found in symbols.hints.items():
                for mention in found:
                    yield Site(path, name, HINT), mention

    def subclasses(self, symbol: Symbol) -> set[Symbol]:
        """Return a class's subclasses, direct or not."""
        found: set[Symbol] = set()
        pending = [symbol]
        while pending:
            parent = pending.pop()
            for site in self.of(parent):
                heir = Symbol(site.path, site.key)
                if site.kind == DEFINITION and heir not in found and self._is_below(heir, parent):
                    found.add(heir)
                    pending.append(heir)
        return found

    def in_body(self, path: str, name: str, times: int = 0) -> Iterator[str]:
        """Yield what a function's body mentions; where it is known to be called so many `times`,
        and what it gave, what then runs."""
        for symbols in self.modules.versions(path):
            levels = symbols.at_once.get(name, ())
            if 0 < times <= len(levels):
                yield from levels[times - 1]
            else:
                yield from symbols.mentions.get(name, ())

    def values_in_body(
        self, path: str, name: str, depth: int = 4, *, times: int = 0
    ) -> set[Symbol]:
        """Return the values that a function may fill: it, or functions that it names, name them.
        `times` as for `in_body`."""
        found: set[Symbol] = set()
        mentions = frozenset(self.in_body(path, name, times))
        assigned = {
            symbol
            for mention in mentions
            if mention.startswith(ASSIGNED)
            for symbol in self.modules.resolve(path, mention.removeprefix(ASSIGNED))
        }
        for mention in mentions:
            for symbol in self.modules.resolve(path, mention):
                kinds = {head.kind for head in self.modules.heads(symbol)}
                if symbol.name == OWN_MODULE or kinds <= {LITERAL, IMPORT}:
                    continue
                if symbol not in assigned and self._holds_plain_values(symbol):
                    continue
                if kinds != {FUNCTION}:
                    found.add(symbol)
                elif depth and symbol != Symbol(path, name):
                    found |= self.values_in_body(symbol.path, symbol.name, depth - 1)
        return found

    def _holds_plain_values(self, symbol: Symbol) -> bool:
        """Whether it is an enumeration of texts or numbers, which nothing can be put into."""
        bases = [
            self.modules.external(symbol.path, base)
            for head in self.modules.heads(symbol)
            for base in head.bases
        ]
        return bool(bases) and all(names and names <= _OF_PLAIN_VALUES for names in bases)

    def _is_below(self, heir: Symbol, parent: Symbol) -> bool:
        return any(
            parent in self.modules.resolve(heir.path, base)
            for head in self.modules.heads(heir)
            if head.kind == CLASS
            for base in head.bases
        )

    def _index(self, path: str) -> dict[Symbol, list[Site]]:
        if path not in self._found:
            index: dict[Symbol, list[Site]] = defaultdict(list)
            for site, mention in self.in_module(path):
                for symbol in self.modules.resolve(path, mention):
                    if site not in index[symbol]:
                        index[symbol].append(site)
            self._found[path] = index
        return self._found[path]
