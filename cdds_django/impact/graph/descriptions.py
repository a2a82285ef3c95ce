"""Fields of models of which only descriptive options changed, and choices that serve as such.

Neither a table nor what lies in it depends on these, so who uses the table isn't concerned. What
is: definitions that mention the model (forms, serializers, the admin), strings that go through a
relation to the field (`"event__status"` in a filterset), and functions that validate objects or
look into a model's fields, whatever model that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.members import family_of
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.reached import Cause, Reached
from cdds_django.impact.graph.registrars import SIGNAL_DECORATOR
from cdds_django.impact.graph.sites import DEFINITION, IN_FUNCTIONS, Site, Sites
from cdds_django.impact.records import EVERY_VIEW
from cdds_django.impact.syntax.definitions import (
    ATTRIBUTE_ORDER,
    EFFECT,
    FUNCTION,
    IMPORT,
    LITERAL,
    Definition,
)
from cdds_django.impact.syntax.mentions import ABSOLUTE, IMPORTED, STRING

_MAKES_OBJECTS = "factory."
_RECEIVING = (SIGNAL_DECORATOR, "django.db.models.signals.")
_PARTS_OF_MEMBER = frozenset({"value", "label", "name"})


class Walk(Protocol):
    """What goes on from here."""

    reached: Reached

    def visit(self, site: Site, cause: Cause) -> None:
        """Follow a place that mentions what changed."""

    def take_effect(self, symbol: Symbol, cause: Cause) -> None:
        """Follow whom a definition is handed to."""


class Descriptions:
    """Follows what only describes."""

    def __init__(self, walk: Walk, sites: Sites, facts: Facts) -> None:
        self._walk = walk
        self._sites = sites
        self._modules = sites.modules
        self._models = frozenset(facts.models.values())
        self._followed: set[Symbol] = set()

    def is_only_described(self, change: DefinitionChange) -> bool:
        """Whether a change is one of descriptive options of a model's field."""
        site = Site(change.path, change.key, DEFINITION)
        return change.is_description and self._is_plain_field(site, change.versions)

    def is_described_by(self, site: Site, symbol: Symbol, cause: Cause) -> bool:
        """Whether a place is a model's field that mentions a symbol in such options only."""
        versions = self._versions(site)
        return (
            site.kind == DEFINITION
            and all(version.essence for version in versions)
            and self._is_plain_field(site, versions)
            and not any(
                self._mentions_changed(site.path, version.essential_mentions, symbol, cause)
                for version in versions
            )
        )

    def follow(self, symbol: Symbol, field: str, cause: Cause) -> None:
        """Follow a model's field to whom its descriptive options concern."""
        reached = self._walk.reached
        reached.described.setdefault(field, cause)
        reached.stand_ins.setdefault(EVERY_VIEW, cause)
        if symbol not in self._followed:
            self._walk.take_effect(symbol, cause)
            self._go_on(symbol, cause)

    def _go_on(self, symbol: Symbol, cause: Cause) -> None:
        if symbol in self._followed:
            return
        self._followed.add(symbol)
        self._walk.reached.reloaded.setdefault(symbol.path, cause)
        for site in self._sites.of(symbol):
            if site.kind in IN_FUNCTIONS or self._ignores_descriptions(site):
                continue
            if any(version.kind == IMPORT for version in self._versions(site)):
                self._go_on(Symbol(site.path, site.key), cause)
            else:
                self._walk.visit(site, cause)
        for path in self._modules.star_importers(symbol.path):
            self._go_on(Symbol(path, symbol.name), cause)

    def _ignores_descriptions(self, site: Site) -> bool:
        """Whether a definition mentions a model for other reasons: a relation to it, a receiver
        of its signals, a factory of its objects."""
        owner, _, attribute = site.key.partition(".")
        symbol = Symbol(site.path, owner)
        if attribute and symbol in self._models:
            return True
        if attribute == "Meta":
            _, bases = family_of(symbol, self._sites)
            if bases and all(base.startswith(_MAKES_OBJECTS) for base in bases):
                return True
        return self._is_receiver(site)

    def _is_receiver(self, site: Site) -> bool:
        """Whether a place only says whose signals a function gets."""
        versions = self._versions(site)
        calls = [
            self._modules.external(site.path, call)
            for version in versions
            for call in version.calls
        ]
        is_function_or_call = {version.kind for version in versions} <= {FUNCTION, EFFECT}
        return (
            is_function_or_call
            and any(calls)
            and all(name.startswith(_RECEIVING) for names in calls for name in names or {""})
        )

    def _is_plain_field(self, site: Site, versions: Sequence[Definition]) -> bool:
        """Whether it is a field of Django's on a model that no other package has a part in."""
        owner, _, field = site.key.partition(".")
        symbol = Symbol(site.path, owner)
        if not field or "." in field or symbol not in self._models:
            return False
        if self._modules.is_aliased(symbol):
            return False  # Django itself validates users.
        _, bases = family_of(symbol, self._sites)
        fields = [
            self._modules.external(site.path, mention)
            for version in versions
            for mention in version.mentions
            if mention.endswith(("Field", "ForeignKey"))
        ]
        names = bases.union(*fields)
        return all(fields) and all(name.startswith("django.") for name in names)

    # Constants of enumerations and models.

    def changed_member(self, symbol: Symbol, change: DefinitionChange) -> str:
        """Return the member that a change is about, if that is all that changed of an enumeration
        or a model, and nobody can tell from the constants of it; an empty string otherwise."""
        owner, _, member = change.key.partition(".")
        source = Symbol(change.path, owner)
        if not member or source not in self._modules.resolve(symbol.path, symbol.name):
            return ""
        if source in self._models:
            return member  # A constant of a model is what it is, whatever else the model has.
        if member != ATTRIBUTE_ORDER and not _all_literal(change.versions):
            return ""
        bases = {
            name
            for head in self._modules.heads(source)
            for base in head.bases
            for name in self._modules.external(change.path, base)
        }
        # Django sees to it that no two members have the same value.
        is_choices = all(n.startswith("django.") and n.endswith("Choices") for n in bases)
        return member if bases and is_choices else ""

    def names_other_members(self, site: Site, symbol: Symbol, cause: Cause) -> bool:
        """Whether a place mentions an enumeration or a model only by constants of it that are as
        they were."""
        if not self.changed_member(symbol, cause.change):
            return False
        if site.kind in IN_FUNCTIONS:
            found = [
                mention
                for symbols in self._modules.versions(site.path)
                for part in (symbols.mentions, symbols.hints)
                for mention in part.get(site.key, ())
            ]
        else:
            found = [m for version in self._versions(site) for m in version.mentions]
        return not self._mentions_changed(site.path, found, symbol, cause)

    def _mentions_changed(
        self, path: str, mentions: Iterable[str], symbol: Symbol, cause: Cause
    ) -> bool:
        return any(
            symbol in self._modules.resolve(path, mention)
            and not self._is_of_another_member(mention, symbol, cause.change)
            for mention in mentions
        )

    def _is_of_another_member(self, mention: str, symbol: Symbol, change: DefinitionChange) -> bool:
        changed = self.changed_member(symbol, change)
        if not changed or mention.startswith((IMPORTED, STRING)):
            return False
        _, _, rest = f".{mention.removeprefix(ABSOLUTE)}".partition(f".{symbol.name}.")
        member, _, part = rest.partition(".")
        if member in ("", changed) or (part and part not in _PARTS_OF_MEMBER):
            return False
        key = f"{change.top}.{member}"
        versions = [s.definitions.get(key) for s in self._modules.versions(change.path)]
        return None not in versions and _all_literal(filter(None, versions))

    def _versions(self, site: Site) -> list[Definition]:
        found = (s.definitions.get(site.key) for s in self._modules.versions(site.path))
        return [definition for definition in found if definition is not None]


def _all_literal(versions: Iterable[Definition]) -> bool:
    return all(version.kind == LITERAL for version in versions)
