"""What of a function's body runs when the function is applied while the project is imported.

A decorator mostly gives back a wrapper. What the wrapper does concerns those who call it, and they
were seen to run the decorator's code. What the decorator itself does takes effect at import.
"""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.sites import BODY, CALL, HINT, Site, Sites
from cdds_django.impact.syntax.definitions import FUNCTION, IMPORT, Definition
from cdds_django.impact.syntax.mentions import OWN_MODULE


class AtOnce:
    """Tells what runs at once from what is left for later."""

    def __init__(self, sites: Sites, facts: Facts) -> None:
        self._sites = sites
        self._modules = sites.modules
        self._facts = facts
        self._times: dict[Symbol, int] = {}

    def times_by(self, path: str, call: str, definition: Definition) -> int:
        """Return how often a definition's decorator calls the function that it names, 0 where
        that can't be told, or where what it gave was called as well while modules were loaded."""
        times = dict(zip(definition.calls, definition.times, strict=False)).get(call, 0)
        if definition.kind != FUNCTION or not times:
            return 0
        keys = (
            f"{path}::{key}"
            for symbols in self._modules.versions(path)
            for key, other in symbols.definitions.items()
            if other == definition
        )
        return 0 if any(key in self._facts.run_at_import for key in keys) else times

    def times_at_import(self, path: str, name: str) -> int:
        """Return how often in a row a function is called while modules are loaded, at most; 0 where
        that can't be told."""
        symbol = Symbol(path, name)
        if symbol not in self._times:
            found = list(self._calls_of(symbol))
            self._times[symbol] = max(found) if found and all(found) else 0
        return self._times[symbol]

    def is_for_later(self, site: Site, symbol: Symbol) -> bool:
        """Whether a function's body mentions a symbol only in what doesn't run at import."""
        times = self.times_at_import(site.path, site.key)
        if not times:
            return False
        wanted = {symbol, Symbol(symbol.path, OWN_MODULE)}
        return not any(
            wanted & self._modules.resolve(site.path, mention)
            for mention in self._sites.in_body(site.path, site.key, times)
        )

    def _calls_of(self, symbol: Symbol) -> Iterator[int]:
        for site in self._sites.of(symbol):
            if site.kind == HINT:
                continue
            if site.kind == BODY:
                is_recursive = (site.path, site.key) == symbol
                if not is_recursive and f"{site.path}::{site.key}" in self._facts.run_at_import:
                    yield 0
                continue
            for symbols in self._modules.versions(site.path):
                definition = symbols.definitions.get(site.key)
                if definition is None:
                    continue
                if site.kind == CALL:
                    yield from (
                        self.times_by(site.path, call, definition)
                        for call in definition.calls
                        if symbol in self._modules.resolve(site.path, call)
                    )
                elif definition.kind != IMPORT:
                    yield 0
