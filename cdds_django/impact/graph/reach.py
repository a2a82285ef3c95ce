"""The walk from what changed to what tests were seen to do.

A symbol whose value is made at import passes a change on to every definition that mentions it; a
function that mentions it ends the way, for whoever ran that function was recorded. Where a library
keeps what it is given, the way goes on to what is known to come out of that library.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.conventions import (
    SETTINGS_FOLLOWED_OTHERWISE,
    WHOLE_MODULE_NAMES,
    is_test_method,
    module_groups,
    unknown_effect,
)
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import SUBCLASS_LISTS, Modules, Symbol
from cdds_django.impact.graph.reached import EVERY_VIEW, Cause, Reached
from cdds_django.impact.graph.registrars import (
    SIGNAL_DECORATOR,
    groups_that_see,
    is_idle_builtin,
    is_model_signal,
)
from cdds_django.impact.graph.settings_use import SettingUse
from cdds_django.impact.syntax.definitions import EFFECT, FUNCTION, IMPORT, LITERAL, Definition
from cdds_django.impact.syntax.mentions import IMPORTED, OWN_MODULE

BODY, DEFINITION, CALL = "body", "definition", "call"


class Site(NamedTuple):
    """A place that mentions a symbol: a function's body, a definition, or whom it calls."""

    path: str
    key: str
    kind: str


class Reach:
    """One walk. `reached` has the answer."""

    def __init__(self, modules: Modules, facts: Facts) -> None:
        self._modules = modules
        self._facts = facts
        self.reached = Reached()
        self._changed: set[Symbol] = set()
        self._filled: set[Symbol] = set()
        self._pending: deque[tuple[Symbol, Cause, bool]] = deque()
        self._sites: dict[str, dict[Symbol, list[Site]]] = {}
        self._ran: set[str] = set()

    def walk(self, changes: Iterable[DefinitionChange]) -> Reached:
        """Follow changes to wherever they lead."""
        for change in changes:
            self._begin(change)
            self._follow()
        return self.reached

    def run_function(self, key: str, cause: Cause) -> None:
        """Follow the change of a function that ran while the project was imported."""
        self._function_ran(key, cause)
        self._follow()

    def appear(self, path: str) -> None:
        """Follow a module that came into being to those who import it, be it in vain before."""
        cause = Cause(change=DefinitionChange(path=path, key="", change="added", versions=()))
        names = self._modules.names_of(path)
        for other in self._modules.who_may_mention(Symbol(path, OWN_MODULE)) - {path}:
            for site, mention in self._mentions(other):
                if mention.startswith(IMPORTED) and mention.removeprefix(IMPORTED) in names:
                    self._visit(site, cause)
        self._follow()

    def change_setting(self, name: str, use: SettingUse, cause: Cause) -> None:
        """Follow a setting to the tests that can tell its values apart."""
        self._add_groups(use.groups, cause)
        if use.every_view:
            self.reached.stand_ins.setdefault(EVERY_VIEW, cause)
        for package in use.views_of:
            self.reached.stand_ins.setdefault(f"<{package}>", cause)
        for package in use.packages:
            for path in sorted(self._modules.importers_of(package)):
                for site, mention in self._mentions(path):
                    if self._leads_to(path, mention, package):
                        self._visit(site, cause)
        self._follow()

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
            self._add_groups(groups, cause)
            return
        if change.is_effect:
            for version in change.versions:
                self._act(change.path, version, cause)
            return
        if is_test_method(change, self._modules):
            self._test_method(symbol, change.key.rpartition(".")[2], cause, set())
            return
        if change.key in WHOLE_MODULE_NAMES:
            self.reached.modules.setdefault(change.path, cause)
            self._change(Symbol(change.path, OWN_MODULE), cause)
        if change.change == "removed" and change.key == change.top:
            self._lose(symbol, cause)
        for version in change.versions:
            self._relate(change, version, cause)
            if "." in change.key:
                self._act(change.path, version, cause, is_method=True)
        self._change(symbol, cause)

    def _test_method(self, owner: Symbol, method: str, cause: Cause, seen: set[Symbol]) -> None:
        """Follow the declaration of a test to this test, also as subclasses inherit it."""
        seen.add(owner)
        self.reached.reloaded.setdefault(owner.path, cause)
        self._function(f"{owner}.{method}", cause)
        for site in self._sites_of(owner):
            heir = Symbol(site.path, site.key)
            if site.kind == DEFINITION and heir not in seen:
                self._test_method(heir, method, cause, seen)

    def _lose(self, symbol: Symbol, cause: Cause) -> None:
        """Follow a name that is gone: modules that import it by name can't be imported any more."""
        for site in self._sites_of(symbol):
            if site.path != symbol.path and site.kind == DEFINITION and self._imports(site):
                self.reached.modules.setdefault(site.path, cause.through(site.path))

    def _imports(self, site: Site) -> bool:
        heads = self._modules.heads(Symbol(site.path, site.key))
        return any(head.kind == IMPORT for head in heads)

    def _relate(self, change: DefinitionChange, version: Definition, cause: Cause) -> None:
        """Follow a model's field to the model that it points to, which can be reached from there
        and deleted with it."""
        own = Symbol(change.path, change.top)
        models = set(self._facts.models.values())
        if own in models or self._is_abstract_model(own):
            for mention in version.mentions:
                for target in self._modules.resolve(change.path, mention) & models:
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

    def _change(self, symbol: Symbol, cause: Cause) -> None:
        if symbol not in self._changed:
            self._changed.add(symbol)
            self._pending.append((symbol, cause, True))

    def _fill(self, symbol: Symbol, cause: Cause) -> None:
        """Follow a value that something may have been put into or taken from."""
        if symbol not in self._changed and symbol not in self._filled:
            self._filled.add(symbol)
            self._pending.append((symbol, cause, False))

    def _function(self, key: str, cause: Cause) -> None:
        self.reached.functions.setdefault(key, cause.through(key))

    def _add_groups(self, groups: Iterable[str], cause: Cause) -> None:
        for group in groups:
            self.reached.groups.setdefault(group, cause)

    def _give_up(self, cause: Cause, why: str) -> None:
        if self.reached.unknown is None:
            self.reached.unknown = (cause, why)

    def _follow(self) -> None:
        while self._pending:
            symbol, cause, is_changed = self._pending.popleft()
            cause = cause.through(str(symbol)) if symbol.name != OWN_MODULE else cause
            self.reached.symbols.setdefault(symbol, cause)
            self.reached.reloaded.setdefault(symbol.path, cause)
            if is_changed:
                self._take_effect(symbol, cause)
            for site in self._sites_of(symbol):
                if is_changed or site.kind != CALL:
                    self._visit(site, cause)
            for path in self._modules.star_importers(symbol.path):
                if not symbol.name.startswith("_"):
                    self._change(Symbol(path, symbol.name), cause)

    def _visit(self, site: Site, cause: Cause) -> None:
        if site.kind == BODY:
            key = f"{site.path}::{site.key}"
            self._function(key, cause)
            if key in self._facts.run_at_import:
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
                    self._act(site.path, definition, cause)
            return
        self._change(Symbol(site.path, top), cause)

    def _function_ran(self, key: str, cause: Cause) -> None:
        """Follow a function that did otherwise when the project was imported."""
        if key in self._ran:
            return
        self._ran.add(key)
        path, _, name = key.partition("::")
        owner = Symbol(path, name.partition(".")[0])
        cause = cause.through(key)
        for target in self._named_in_body(path, name):
            self._fill(target, cause)
        self._change(owner, cause)
        if not self._is_run_by_something(owner):
            self._give_up(cause, f"{key} ran while the project was imported, nobody knows why")

    def _is_run_by_something(self, owner: Symbol) -> bool:
        return any(
            site.kind != BODY or f"{site.path}::{site.key}" in self._facts.run_at_import
            for site in self._sites_of(owner)
            if not (site.path == owner.path and site.key.partition(".")[0] == owner.name)
        ) or any(head.calls for head in self._modules.heads(owner))

    def _take_effect(self, symbol: Symbol, cause: Cause) -> None:
        """Follow what happens when a definition is evaluated, besides the binding of its name."""
        if (why := unknown_effect(symbol, self._modules, self._facts)) is not None:
            self._give_up(cause, why)
        for head in self._modules.heads(symbol):
            self._act(symbol.path, head, cause)
            for base in head.bases:
                self._tell_base(symbol.path, base, cause, set())
        if any(head.bases for head in self._modules.heads(symbol)):
            for site in self._sites_of(SUBCLASS_LISTS):
                self._visit(site, cause)

    def _tell_base(self, path: str, base: str, cause: Cause, seen: set[Symbol]) -> None:
        """Follow a class to bases and metaclasses that may keep a list of their subclasses."""
        for symbol in self._modules.resolve(path, base) - seen:
            seen.add(symbol)
            for name in self._keepers_of(symbol):
                for target in self._named_in_body(symbol.path, name):
                    self._fill(target, cause)
                self._fill(symbol, cause)
            for head in self._modules.heads(symbol):
                for further in head.bases:
                    self._tell_base(symbol.path, further, cause, seen)

    def _keepers_of(self, symbol: Symbol) -> Iterator[str]:
        is_metaclass = any("type" in head.bases for head in self._modules.heads(symbol))
        for symbols in self._modules.versions(symbol.path):
            for name in symbols.functions:
                owner, _, method = name.rpartition(".")
                if owner == symbol.name and (
                    method == "__init_subclass__"
                    or (is_metaclass and method in ("__new__", "__init__", "__call__"))
                ):
                    yield name

    def _act(
        self, path: str, definition: Definition, cause: Cause, *, is_method: bool = False
    ) -> None:
        """Follow what a definition hands to whom its decorators or its statement call."""
        for call in definition.calls:
            targets = self._modules.resolve(path, call)
            external = self._modules.external(path, call)
            for name in sorted(external):
                self._hand_over(path, name, definition, cause, is_method=is_method)
            for target in targets:
                self._keep(path, target, call, definition, cause)
            is_builtin = not targets and not external and definition.kind == EFFECT
            if is_builtin and not is_idle_builtin(call):
                for mention in definition.mentions:
                    for symbol in self._modules.resolve(path, mention):
                        self._change(symbol, cause)

    def _keep(
        self, path: str, target: Symbol, call: str, definition: Definition, cause: Cause
    ) -> None:
        """Follow what one of the project's own functions or values is given."""
        kinds = {head.kind for head in self._modules.heads(target)}
        if FUNCTION in kinds and "." not in call:
            for symbol in self._named_in_body(target.path, target.name):
                self._fill(symbol, cause)
            if definition.kind == EFFECT:
                for mention in definition.mentions:
                    for symbol in self._modules.resolve(path, mention):
                        self._fill(symbol, cause)
        elif kinds - {LITERAL, IMPORT}:
            self._fill(target, cause)

    def _hand_over(
        self, path: str, name: str, definition: Definition, cause: Cause, *, is_method: bool
    ) -> None:
        """Follow what a library is given."""
        if name.startswith(SIGNAL_DECORATOR):
            self._connect(path, definition, cause)
            return
        groups = groups_that_see(name)
        if groups is None:
            if path in self._facts.test_files:
                self.reached.modules.setdefault(path, cause)
            elif not is_method:
                # What a library does with a method it does with the class.
                self._give_up(cause, f"{name} may keep it anywhere")
            return
        senders = self._senders(path, definition)
        if is_model_signal(name) and senders:
            for sender in senders:
                self.reached.tables_of.setdefault(sender, cause.through(str(sender)))
        else:
            self._add_groups(groups, cause)

    def _connect(self, path: str, definition: Definition, cause: Cause) -> None:
        senders = self._senders(path, definition)
        for mention in definition.mentions:
            for symbol in self._modules.resolve(path, mention) - set(senders):
                if not {head.kind for head in self._modules.heads(symbol)} <= {IMPORT}:
                    self._fill(symbol, cause)
            for name in self._modules.external(path, mention):
                if not self._facts.is_signal(name):
                    continue
                groups = groups_that_see(f"{name}.")
                if groups is None:
                    self._give_up(cause, f"nobody knows when {name} is sent")
                elif not (is_model_signal(name) and senders):
                    self._add_groups(groups, cause)
        for sender in senders:
            self.reached.tables_of.setdefault(sender, cause.through(str(sender)))

    def _senders(self, path: str, definition: Definition) -> list[Symbol]:
        models = set(self._facts.models.values())
        found = {s for m in definition.mentions for s in self._modules.resolve(path, m) & models}
        return sorted(found)

    def _named_in_body(self, path: str, name: str, depth: int = 4) -> set[Symbol]:
        """Return the values that a function may fill: it, or functions that it names, name them."""
        found: set[Symbol] = set()
        for symbols in self._modules.versions(path):
            for mention in symbols.mentions.get(name, ()):
                for symbol in self._modules.resolve(path, mention):
                    kinds = {head.kind for head in self._modules.heads(symbol)}
                    if symbol.name == OWN_MODULE or kinds <= {LITERAL, IMPORT}:
                        continue
                    if kinds == {FUNCTION}:
                        if depth and symbol != Symbol(path, name):
                            found |= self._named_in_body(symbol.path, symbol.name, depth - 1)
                    else:
                        found.add(symbol)
        return found

    # Who mentions whom.

    def _sites_of(self, symbol: Symbol) -> list[Site]:
        found: list[Site] = []
        for path in sorted(self._modules.who_may_mention(symbol)):
            index = self._index(path)
            found += index.get(symbol, ())
            if symbol.name != OWN_MODULE:
                found += index.get(Symbol(symbol.path, OWN_MODULE), ())
        return found

    def _index(self, path: str) -> dict[Symbol, list[Site]]:
        if path not in self._sites:
            index: dict[Symbol, list[Site]] = defaultdict(list)
            for site, mention in self._mentions(path):
                for symbol in self._modules.resolve(path, mention):
                    if site not in index[symbol]:
                        index[symbol].append(site)
            self._sites[path] = index
        return self._sites[path]

    def _mentions(self, path: str) -> Iterator[tuple[Site, str]]:
        for symbols in self._modules.versions(path):
            for key, definition in symbols.definitions.items():
                for mention in definition.mentions:
                    yield Site(path, key, DEFINITION), mention
                for call in definition.calls:
                    yield Site(path, key, CALL), call
            for name, found in symbols.mentions.items():
                for mention in found:
                    yield Site(path, name, BODY), mention
