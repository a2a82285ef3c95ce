"""The walk from what changed to what tests were seen to do.

A symbol whose value is made at import passes a change on to every definition that mentions it; a
function that mentions it ends the way, for whoever ran that function was recorded. Where a library
keeps what it is given, the way goes on to what is known to come out of that library.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from cdds_django.impact.graph.at_once import AtOnce
from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.comings import Comings
from cdds_django.impact.graph.conventions import (
    SETTINGS_FOLLOWED_OTHERWISE,
    WHOLE_MODULE_NAMES,
    is_test_method,
    module_groups,
    unknown_effect,
)
from cdds_django.impact.graph.descriptions import Descriptions
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.keeping import Keeping
from cdds_django.impact.graph.modules import SUBCLASS_LISTS, Symbol
from cdds_django.impact.graph.reached import Cause, Reached
from cdds_django.impact.graph.settings_use import SettingUse
from cdds_django.impact.graph.sites import BODY, CALL, DEFINITION, HINT, IN_FUNCTIONS, Site, Sites
from cdds_django.impact.records import EVERY_VIEW
from cdds_django.impact.syntax.definitions import ATTRIBUTE_ORDER, IMPORT, Definition
from cdds_django.impact.syntax.mentions import IMPORTED, OWN_MODULE

# How far a value may be another: something was put into it, a model's field or method changed
# that other models' relations don't know, or anything.
_FILLED, _CHANGED_WITHIN, _CHANGED = 1, 2, 3

_OF_THE_WHOLE_MODEL = frozenset({"Meta", ATTRIBUTE_ORDER, "<body>"})


class Reach:
    """One walk. `reached` has the answer."""

    def __init__(self, sites: Sites, facts: Facts) -> None:
        self._sites = sites
        self._modules = sites.modules
        self._facts = facts
        self._models = frozenset(facts.models.values())
        self._at_once = AtOnce(sites, facts)
        self._keeping = Keeping(self, sites, facts, self._at_once)
        self._descriptions = Descriptions(self, sites, facts)
        self.comings = Comings(self, sites, facts)
        """Follows modules that come and go."""
        self.reached = Reached()
        self._levels: dict[tuple[Symbol, str], int] = {}
        self._pending: deque[tuple[Symbol, Cause, int]] = deque()
        self._ran: set[str] = set()

    def walk(self, changes: Iterable[DefinitionChange]) -> Reached:
        """Follow changes to wherever they lead."""
        for change in changes:
            self._begin(change)
            self.follow()
        return self.reached

    def run_function(self, key: str, cause: Cause) -> None:
        """Follow the change of a function that ran while the project was imported."""
        path, _, name = key.partition("::")
        times = self._at_once.times_at_import(path, name)
        self._keeping.run(path, self._sites.in_body(path, name, times), cause)
        self._function_ran(key, cause)
        self.follow()

    def run_by_name(self, key: str, places: Iterable[tuple[str, str, bool]], cause: Cause) -> None:
        """Follow a method to whoever ran it, and to places that have its name."""
        self.function(key, cause)
        self.meet(places, cause)

    def meet(self, places: Iterable[tuple[str, str, bool]], cause: Cause) -> None:
        """Follow places that have a name: a file, a key and whether that is a function's body."""
        for path, name, in_body in places:
            self.visit(Site(path, name, BODY if in_body else DEFINITION), cause)
        self.follow()

    def change_setting(self, name: str, use: SettingUse, cause: Cause) -> None:
        """Follow a setting to the tests that can tell its values apart."""
        self.add_groups(use.groups, cause)
        if use.every_view:
            self.reached.stand_ins.setdefault(EVERY_VIEW, cause)
        for package in use.views_of:
            self.reached.stand_ins.setdefault(f"<{package}>", cause)
        for package in use.packages:
            for path in sorted(self._modules.importers_of(package)):
                for site, mention in self._sites.in_module(path):
                    if self._leads_to(path, mention, package):
                        self.visit(site, cause)
        self.follow()

    def _leads_to(self, path: str, mention: str, package: str) -> bool:
        names = {mention.removeprefix(IMPORTED)} if mention.startswith(IMPORTED) else None
        names = names or self._modules.external(path, mention)
        return any(name == package or name.startswith(f"{package}.") for name in names)

    # Where a walk begins.

    def _begin(self, change: DefinitionChange) -> None:
        cause = Cause(change=change)
        symbol = Symbol(change.path, change.top)
        self.reached.reloaded.setdefault(change.path, cause)
        if (groups := module_groups(change)) is not None:
            self.add_groups(groups, cause)
            return
        if change.is_effect:
            for version in change.versions:
                self._keeping.act(change.path, version, cause)
            return
        if is_test_method(change, self._modules):
            self._test_method(symbol, change.key.rpartition(".")[2], cause)
            return
        if change.key in WHOLE_MODULE_NAMES:
            self.reached.modules.setdefault(change.path, cause)
            self.change(Symbol(change.path, OWN_MODULE), cause)
        if change.change == "removed" and change.key == change.top:
            self._lose(symbol, cause)
        for version in change.versions:
            self._relate(change, version, cause)
            if "." in change.key:
                self._keeping.act(change.path, version, cause, is_method=True)
        if self._descriptions.is_only_described(change):
            self._descriptions.follow(symbol, change.member, cause)
            return
        is_within = symbol in self._models and self._facts.is_plain_field(symbol, change.member)
        if is_within and "." in change.key and change.member not in _OF_THE_WHOLE_MODEL:
            self._go_on(symbol, cause, _CHANGED_WITHIN)
        else:
            self.change(symbol, cause)

    def _test_method(self, owner: Symbol, method: str, cause: Cause) -> None:
        """Follow the declaration of a test to this test, also as subclasses inherit it."""
        for heir in {owner, *self._sites.subclasses(owner)}:
            self.reached.reloaded.setdefault(heir.path, cause)
            self.function(f"{heir}.{method}", cause)

    def _lose(self, symbol: Symbol, cause: Cause) -> None:
        """Follow a name that is gone: modules that import it by name can't be imported any more."""
        for site in self._sites.of(symbol):
            if site.path != symbol.path and self._still_imports(site, symbol):
                self.reached.modules.setdefault(site.path, cause.through(site.path))

    def _still_imports(self, site: Site, symbol: Symbol) -> bool:
        present = self._modules.present(site.path)
        definition = present.definitions.get(site.key) if present is not None else None
        return (
            site.kind == DEFINITION
            and definition is not None
            and definition.kind == IMPORT
            and any(symbol in self._modules.resolve(site.path, m) for m in definition.mentions)
        )

    def _imports(self, site: Site) -> bool:
        heads = self._modules.heads(Symbol(site.path, site.key))
        return site.kind == DEFINITION and any(head.kind == IMPORT for head in heads)

    def _relate(self, change: DefinitionChange, version: Definition, cause: Cause) -> None:
        """Follow a model's field to the model that it points to, which can be reached from there
        and deleted with it."""
        own = Symbol(change.path, change.top)
        if own in self._models or self._is_abstract_model(own):
            for mention in version.mentions:
                for target in self._modules.resolve(change.path, mention) & self._models:
                    if target != own:
                        self.reached.tables_of.setdefault(target, cause.through(str(target)))

    def _is_abstract_model(self, symbol: Symbol) -> bool:
        return any(
            name.startswith("django.db.models.")
            for head in self._modules.heads(symbol)
            for base in head.bases
            for name in self._modules.external(symbol.path, base)
        )

    # The walk itself.

    def change(self, symbol: Symbol, cause: Cause) -> None:
        """Follow a symbol whose value may be another."""
        self._go_on(symbol, cause, _CHANGED)

    def fill(self, symbol: Symbol, cause: Cause) -> None:
        """Follow a value that something may have been put into or taken from."""
        self._go_on(symbol, cause, _FILLED)

    def _go_on(self, symbol: Symbol, cause: Cause, level: int) -> None:
        part = symbol, self._descriptions.changed_member(symbol, cause.change)
        if self._levels.get(part, 0) < level:
            self._levels[part] = level
            self._pending.append((symbol, cause, level))

    def function(self, key: str, cause: Cause) -> None:
        """Note a function whose body can tell."""
        self.reached.functions.setdefault(key, cause.through(key))

    def add_groups(self, groups: Iterable[str], cause: Cause) -> None:
        for group in groups:
            self.reached.groups.setdefault(group, cause)

    def give_up(self, cause: Cause, why: str) -> None:
        if self.reached.unknown is None:
            self.reached.unknown = (cause, why)

    def follow(self) -> None:
        """Go on until nothing is left to follow."""
        while self._pending:
            symbol, cause, level = self._pending.popleft()
            cause = cause.through(str(symbol)) if symbol.name != OWN_MODULE else cause
            self.reached.symbols.setdefault(symbol, cause)
            self.reached.reloaded.setdefault(symbol.path, cause)
            if level > _FILLED:
                self.take_effect(symbol, cause)
            for site in self._sites.of(symbol):
                if self._descriptions.names_other_members(site, symbol, cause):
                    continue
                if site.kind == HINT and self._is_model(symbol):
                    continue  # Nobody makes an object of it by the annotation; rows have tables.
                if level == _CHANGED and self._descriptions.is_described_by(site, symbol, cause):
                    owner, _, described = site.key.partition(".")
                    self._descriptions.follow(Symbol(site.path, owner), described, cause)
                elif level == _CHANGED_WITHIN and self._is_field_of_model(site):
                    self.reached.stand_ins.setdefault(EVERY_VIEW, cause)
                elif level == _CHANGED_WITHIN and self._imports(site):
                    self._go_on(Symbol(site.path, site.key), cause, level)
                elif level > _FILLED or site.kind != CALL:
                    self.visit(site, cause, symbol)
            for path in self._modules.star_importers(symbol.path):
                if not symbol.name.startswith("_"):
                    self.change(Symbol(path, symbol.name), cause)

    def _is_model(self, symbol: Symbol) -> bool:
        """Whether it is a model, or the name that a module imports one by."""
        return not self._models.isdisjoint(self._modules.resolve(symbol.path, symbol.name))

    def _is_field_of_model(self, site: Site) -> bool:
        """Whether a place is a field that points to a model, which knows it by its key alone.

        Whoever goes on from there uses the other model's table. A schema may go on, too.
        """
        owner, _, attribute = site.key.partition(".")
        is_field = bool(attribute) and attribute not in _OF_THE_WHOLE_MODEL
        return is_field and Symbol(site.path, owner) in self._models

    def visit(self, site: Site, cause: Cause, symbol: Symbol | None = None) -> None:
        """Follow a place that mentions what changed: `symbol`, if that is known."""
        if site.kind in IN_FUNCTIONS:
            key = f"{site.path}::{site.key}"
            self.function(key, cause)
            is_for_later = symbol and self._at_once.is_for_later(site, symbol)
            # Whoever makes arguments of what an annotation names may have done so at import.
            if key in self._facts.run_at_import and (site.kind == HINT or not is_for_later):
                self._function_ran(key, cause)
            return
        top = site.key.partition(".")[0]
        settings = self._facts.settings_files
        if site.path in settings and top.isupper() and cause.change.path not in settings:
            if top not in SETTINGS_FOLLOWED_OTHERWISE:
                self.reached.settings.setdefault(top, cause.through(f"the setting {top}"))
            return
        if site.key.startswith("<"):
            for symbols in self._modules.versions(site.path):
                if (definition := symbols.definitions.get(site.key)) is not None:
                    self._keeping.act(site.path, definition, cause)
            return
        self.change(Symbol(site.path, top), cause)

    def _function_ran(self, key: str, cause: Cause) -> None:
        """Follow a function that did otherwise when the project was imported."""
        if key in self._ran:
            return
        self._ran.add(key)
        path, _, name = key.partition("::")
        owner = Symbol(path, name.partition(".")[0])
        cause = cause.through(key)
        times = self._at_once.times_at_import(path, name)
        for target in self._sites.values_in_body(path, name, times=times):
            self.fill(target, cause)
        self._keeping.patch(path, self._sites.in_body(path, name, times), cause)
        self.change(owner, cause)
        if not self._is_run_by_something(owner):
            known = unknown_effect(owner, self._modules, self._facts)
            self.give_up(cause, known or "it ran while the project was imported, nobody knows why")

    def _is_run_by_something(self, owner: Symbol) -> bool:
        return any(
            site.kind not in IN_FUNCTIONS or f"{site.path}::{site.key}" in self._facts.run_at_import
            for site in self._sites.of(owner)
            if not (site.path == owner.path and site.key.partition(".")[0] == owner.name)
        ) or any(head.calls for head in self._modules.heads(owner))

    def take_effect(self, symbol: Symbol, cause: Cause) -> None:
        """Follow what happens when a definition is evaluated, besides the binding of its name."""
        if (why := unknown_effect(symbol, self._modules, self._facts)) is not None:
            self.give_up(cause, why)
        for head in self._modules.heads(symbol):
            self._keeping.act(symbol.path, head, cause)
            for base in head.bases:
                self._keeping.tell_base(symbol.path, base, cause, set())
        if any(head.bases for head in self._modules.heads(symbol)):
            for site in self._sites.of(SUBCLASS_LISTS):
                self.visit(site, cause)
