"""Modules that come into being, go, or are only imported while tests run."""

from __future__ import annotations

from typing import Protocol

from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.reached import Cause, Reached
from cdds_django.impact.graph.sites import IN_FUNCTIONS, Site, Sites
from cdds_django.impact.syntax.mentions import IMPORTED, OWN_MODULE, STRING


class Walk(Protocol):
    """What goes on from here."""

    reached: Reached

    def function(self, key: str, cause: Cause) -> None:
        """Note a function whose body can tell."""

    def visit(self, site: Site, cause: Cause) -> None:
        """Follow a place that mentions what changed."""

    def follow(self) -> None:
        """Go on until nothing is left to follow."""


class Comings:
    """Follows modules to whoever names them."""

    def __init__(self, walk: Walk, sites: Sites, facts: Facts) -> None:
        self._walk = walk
        self._sites = sites
        self._modules = sites.modules
        self._facts = facts

    def appear(self, path: str) -> None:
        """Follow a module that came into being to those who import it, be it in vain before."""
        cause = Cause(change=DefinitionChange(path=path, key="", change="added", versions=()))
        names = self._modules.names_of(path)
        for other in self._modules.who_may_mention(Symbol(path, OWN_MODULE)) - {path}:
            for site, mention in self._sites.in_module(other):
                if mention.startswith(IMPORTED) and mention.removeprefix(IMPORTED) in names:
                    self._walk.visit(site, cause)
        self._walk.follow()

    def disappear(self, path: str) -> None:
        """Follow a module that is gone to those who still name it, and can't be imported now."""
        cause = Cause(change=DefinitionChange(path=path, key="", change="removed", versions=()))
        for other in self._modules.who_may_mention(Symbol(path, OWN_MODULE)) - {path}:
            for site, mention in self._sites.in_module(other, of_now=True):
                if self._names_module(mention, path):
                    if site.kind not in IN_FUNCTIONS and mention.startswith(IMPORTED):
                        self._walk.reached.modules.setdefault(other, cause.through(other))
                    self._walk.visit(site, cause)
        self._walk.follow()

    def import_late(self, path: str, cause: Cause) -> None:
        """Follow a module that is only imported while tests run, where that may fail now, to
        whoever imports it or runs what is in it."""
        pending, seen = [path], {path}
        while pending:
            late = pending.pop()
            for symbols in self._modules.versions(late):
                for name in symbols.functions:
                    self._walk.function(f"{late}::{name}", cause)
            for other in self._modules.who_may_mention(Symbol(late, OWN_MODULE)) - {late}:
                for site, mention in self._sites.in_module(other):
                    if not self._names_module(mention, late):
                        continue
                    if site.kind in IN_FUNCTIONS:
                        self._walk.function(f"{site.path}::{site.key}", cause)
                    elif other not in self._facts.imported_early | seen:
                        seen.add(other)
                        pending.append(other)

    def _names_module(self, mention: str, path: str) -> bool:
        if not mention.startswith((IMPORTED, STRING)):
            return False
        named = mention.removeprefix(IMPORTED).removeprefix(STRING)
        return any(f"{named}.".startswith(f"{name}.") for name in self._modules.names_of(path))
