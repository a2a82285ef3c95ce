"""Whoever is handed a definition when it is evaluated, and may keep it: what a decorator or a
statement calls, bases and metaclasses that list their subclasses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from cdds_django.impact.graph.at_once import AtOnce
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.reached import Cause, Reached
from cdds_django.impact.graph.registrars import (
    SIGNAL_DECORATOR,
    groups_beside_tables,
    groups_that_see,
    groups_that_share,
    is_compared_by_value,
    is_idle_builtin,
    is_init_signal,
    is_model_signal,
    may_keep_unseen,
)
from cdds_django.impact.graph.sites import Sites
from cdds_django.impact.records import EVERY_VIEW
from cdds_django.impact.syntax.definitions import (
    CLASS,
    EFFECT,
    FUNCTION,
    IMPORT,
    LITERAL,
    Definition,
)

_MAKE_SCHEMAS = "drf_spectacular.extensions."


class Walk(Protocol):
    """What goes on from here."""

    reached: Reached

    def change(self, symbol: Symbol, cause: Cause) -> None:
        """Follow a symbol whose value may be another."""

    def fill(self, symbol: Symbol, cause: Cause) -> None:
        """Follow a value that something may have been put into or taken from."""

    def add_groups(self, groups: Iterable[str], cause: Cause) -> None:
        """Add tests by what they did."""

    def give_up(self, cause: Cause, why: str) -> None:
        """Say that nobody can tell whom it concerns."""


class Keeping:
    """Follows what is handed over."""

    def __init__(self, walk: Walk, sites: Sites, facts: Facts, at_once: AtOnce) -> None:
        self._walk = walk
        self._at_once = at_once
        self._sites = sites
        self._modules = sites.modules
        self._facts = facts

    def tell_base(self, path: str, base: str, cause: Cause, seen: set[Symbol]) -> None:
        """Follow a class to bases and metaclasses that may keep a list of their subclasses."""
        if any(name.startswith(_MAKE_SCHEMAS) for name in self._modules.external(path, base)):
            self._walk.reached.stand_ins.setdefault(EVERY_VIEW, cause)
        for symbol in self._modules.resolve(path, base) - seen:
            seen.add(symbol)
            for name in self._keepers_of(symbol):
                for target in self._sites.values_in_body(symbol.path, name):
                    self._walk.fill(target, cause)
                self._walk.fill(symbol, cause)
            for head in self._modules.heads(symbol):
                for further in head.bases:
                    self.tell_base(symbol.path, further, cause, seen)

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

    def act(
        self, path: str, definition: Definition, cause: Cause, *, is_method: bool = False
    ) -> None:
        """Follow what a definition hands to whom its decorators or its statement call."""
        if definition.kind == EFFECT:
            self.patch(path, definition.mentions, cause)
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
                        self._walk.change(symbol, cause)

    def patch(self, path: str, mentions: Iterable[str], cause: Cause) -> None:
        """Follow what a statement, or a function that ran, assigns to in installed packages."""
        for mention in mentions:
            names = self._modules.assigned(path, mention)
            for name in sorted(name for name in names if not is_compared_by_value(name)):
                self._concern(path, name, groups_that_share(name), cause, f"it changes {name}")

    def _concern(
        self, path: str, name: str, groups: frozenset[str] | None, cause: Cause, why: str
    ) -> None:
        """Add groups of tests, or all that import a test module, or give up."""
        if groups is not None:
            self._walk.add_groups(groups, cause)
        elif path in self._facts.test_files:
            self._walk.reached.modules.setdefault(path, cause)
        else:
            self._walk.give_up(cause, why)

    def run(self, path: str, mentions: Iterable[str], cause: Cause) -> None:
        """Follow what a changed function that ran at import may hand to installed packages."""
        for mention in mentions:
            for name in sorted(self._modules.external(path, mention)):
                if may_keep_unseen(name):
                    self._concern(path, name, None, cause, f"{name} may keep it anywhere")

    def _keep(
        self, path: str, target: Symbol, call: str, definition: Definition, cause: Cause
    ) -> None:
        """Follow what one of the project's own functions or values is given."""
        kinds = {head.kind for head in self._modules.heads(target)}
        if FUNCTION in kinds and "." not in call:
            times = self._at_once.times_by(path, call, definition)
            for symbol in self._sites.values_in_body(target.path, target.name, times=times):
                self._walk.fill(symbol, cause)
            if definition.kind == EFFECT:
                for mention in definition.mentions:
                    for symbol in self._modules.resolve(path, mention):
                        self._walk.fill(symbol, cause)
        elif kinds - {LITERAL, IMPORT}:
            self._walk.fill(target, cause)

    def _hand_over(
        self, path: str, name: str, definition: Definition, cause: Cause, *, is_method: bool
    ) -> None:
        """Follow what a library is given."""
        if name.startswith(SIGNAL_DECORATOR):
            # Whoever sent a signal to what was a receiver ran it.
            if self._is_there(path, definition):
                self._connect(path, definition, cause)
            return
        senders = self._senders(path, definition)
        beside = groups_beside_tables(name)
        if beside is not None and (senders or definition.kind == CLASS):
            # Of a decorated model, whoever uses its table is concerned anyway.
            self._walk.add_groups(beside, cause)
            self._send(senders, (), cause)
            return
        groups = groups_that_see(name)
        if groups is None:
            if path in self._facts.test_files:
                self._walk.reached.modules.setdefault(path, cause)
            elif not is_method:
                # What a library does with a method it does with the class.
                self._walk.give_up(cause, f"{name} may keep it anywhere")
            return
        if is_model_signal(name) and senders:
            self._send(senders, {name}, cause)
        elif is_init_signal(name):
            self._walk.give_up(cause, f"{name} is sent by every model")
        else:
            self._walk.add_groups(groups, cause)

    def _is_there(self, path: str, definition: Definition) -> bool:
        """Whether a definition is one of now, not of what the module was."""
        present = self._modules.present(path)
        return present is not None and definition in present.definitions.values()

    def _connect(self, path: str, definition: Definition, cause: Cause) -> None:
        senders = self._senders(path, definition)
        for mention in definition.mentions:
            for symbol in self._modules.resolve(path, mention) - set(senders):
                if not {head.kind for head in self._modules.heads(symbol)} <= {IMPORT}:
                    self._walk.fill(symbol, cause)
            for name in self._modules.external(path, mention):
                if not self._facts.is_signal(name):
                    continue
                groups = groups_that_see(f"{name}.")
                if groups is None:
                    self._walk.give_up(cause, f"nobody knows when {name} is sent")
                elif is_init_signal(name) and not senders:
                    self._walk.give_up(cause, f"{name} is sent by every model")
                elif not (is_model_signal(name) and senders):
                    self._walk.add_groups(groups, cause)
        signals = {n for m in definition.mentions for n in self._modules.external(path, m)}
        self._send(senders, signals, cause)

    def _send(self, senders: Iterable[Symbol], signals: Iterable[str], cause: Cause) -> None:
        """Follow a receiver to the models that send to it."""
        for sender in senders:
            self._walk.reached.tables_of.setdefault(sender, cause.through(str(sender)))
            if any(map(is_init_signal, signals)):
                # Sent for objects that no table ever sees.
                self._walk.change(sender, cause)

    def _senders(self, path: str, definition: Definition) -> list[Symbol]:
        models = set(self._facts.models.values())
        found = {s for m in definition.mentions for s in self._modules.resolve(path, m) & models}
        return sorted(found)
