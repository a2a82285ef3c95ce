"""Writing down what was seen when a template was made, with its states.

Code is taken as finely as it is known: functions that ran, and what these and the migrations refer
to.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cdds_django.impact.code.models import symbols_by_label
from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.tree import ABSENT, SourceTree, loaded_modules
from cdds_django.impact.graph.modules import Modules, Symbol, is_migration
from cdds_django.impact.records import Dependencies
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.catalogue import SOURCES
from cdds_django.runner.databases.inputs import digest_of_symbol
from cdds_django.runner.databases.packages import packages_in_use

_SURROUNDINGS = frozenset({"existence", "file", "listing", "setting", "template", "variable"})
"""The kinds of dependency that aren't code and that a database can be made from."""
_OTHERWISE = frozenset({"CACHES", "CDDS", "DATABASES", "LOGGING", "TEST_RUNNER"})
"""Settings that the fingerprint names as far as they shape databases, or that a run changes."""


class Input(NamedTuple):
    """One thing, in the state that it was in."""

    kind: str
    """As of dependencies; besides, source (a file's content, which settles all code in it), symbol
    (what a name at the top of a module is bound to), package (an installed one)."""
    key: str
    state: str


def inputs_of(seen: Dependencies, tree: SourceTree) -> list[Input]:
    """Return what was seen, and what it refers to, as it is now."""
    code = CodeState(tree, None)
    names = loaded_modules(tree)
    modules = Modules(
        code, [(name, path) for path, name in names.items()], {}, symbols_by_label(tree), {}
    )
    ran = {key for kind, key in seen if kind == "code"}
    migrations = {path for path in names if is_migration(path)}
    symbols = _referred_to(ran, migrations, modules)
    found = [Input("code", key, _state_of_function(key, modules)) for key in ran]
    found += [Input("symbol", str(one), _state_of_symbol(one, modules)) for one in symbols]
    paths = {one.key.partition("::")[0] for one in found}
    found += [Input("source", path, tree.content_digest(path)) for path in paths]
    found += [Input("package", *one) for one in packages_in_use()]
    return sorted(found + _surroundings(seen, tree))


def _surroundings(seen: Dependencies, tree: SourceTree) -> list[Input]:
    project = Project(tree=tree, operations={})
    found = []
    for source in SOURCES:
        if source.kind in _SURROUNDINGS:
            keys = {key for kind, key in seen if kind == source.kind} - _OTHERWISE
            if source.kind == "listing":
                # Libraries look for their own metadata in every place that modules come from.
                places = {os.path.realpath(place) for place in sys.path}
                keys = {key for key in keys if os.path.realpath(tree.path(key)) not in places}
            states = source.fingerprints(keys, project)
            found += [Input(source.kind, key, state) for key, state in states.items()]
    return found


def _referred_to(ran: Iterable[str], migrations: Iterable[str], modules: Modules) -> set[Symbol]:
    """Return the symbols that code leads to which ran when databases were made.

    Functions that are only named didn't run; that they are what is named counts, not their bodies.
    """
    found: set[Symbol] = set()
    pending: list[tuple[str, str]] = []
    for path, mention in _mentions_to_begin_with(ran, migrations, modules):
        pending.append((path, mention))
    while pending:
        for symbol in modules.resolve(*pending.pop()):
            if symbol not in found and symbol.path and not is_migration(symbol.path):
                found.add(symbol)
                for _, definition in modules.definitions(symbol):
                    pending += [(symbol.path, mention) for mention in definition.mentions]
    return found


def _mentions_to_begin_with(
    ran: Iterable[str], migrations: Iterable[str], modules: Modules
) -> Iterator[tuple[str, str]]:
    for key in ran:
        path, _, name = key.partition("::")
        symbols = modules.present(path)
        for mention in symbols.mentions.get(name, ()) if symbols else ():
            yield path, mention
    for path in migrations:
        symbols = modules.present(path)
        for definition in symbols.definitions.values() if symbols else ():
            for mention in definition.mentions:
                yield path, mention


def _state_of_function(key: str, modules: Modules) -> str:
    path, _, name = key.partition("::")
    symbols = modules.present(path)
    return symbols.functions.get(name, ABSENT) if symbols else ABSENT


def _state_of_symbol(symbol: Symbol, modules: Modules) -> str:
    symbols = modules.present(symbol.path)
    return digest_of_symbol(symbol.name, symbols) if symbols else ABSENT
