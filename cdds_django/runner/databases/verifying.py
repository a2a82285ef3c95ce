"""`--verify-template`: the template against a database that is made now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from cdds_django.conf import Settings
from cdds_django.impact.code.tree import SourceTree
from cdds_django.runner.databases.building import Builder, close, name_it
from cdds_django.runner.databases.comparing import (
    Portrait,
    differences,
    portrait,
    volatile_columns,
)
from cdds_django.runner.databases.groups import Group
from cdds_django.runner.databases.names import new_template
from cdds_django.runner.databases.wanted import Wanted, builder_for


def verified(
    aliases: Collection[str], settings: Settings, *, keep: bool, verbosity: int
) -> list[str]:
    """Return how the templates differ from what would be made now, a line each.

    What differs between two databases made now, as times and random numbers do, isn't compared.
    `keep` is whether --keepdb was given.
    """
    wanted = Wanted.of(settings, keep=keep, anew=False, workers=0)
    tree = SourceTree.of(settings.root, settings.sources)
    with builder_for(aliases, wanted=wanted, tree=tree, recorder=None) as builder:
        return list(_differences(builder, verbosity))


def lines(found: Sequence[str]) -> Iterator[str]:
    """Yield what to tell a person of the differences `found`."""
    templates = "The templates of the test databases"
    if found:
        yield f"{templates} aren't what would be made now:"
        yield from found
        yield "Make them anew with --create-db."
    else:
        yield f"{templates} are what would be made now."


def _differences(builder: Builder, verbosity: int) -> Iterator[str]:
    builder.resolve(anew=False, verbosity=verbosity)
    kept = {group.alias: _portrait_of(group) for group in builder.groups}
    if builder.has_built:
        return
    now = _made_now(builder, verbosity)
    if not any(list(differences(kept[alias], now[alias], {})) for alias in kept):
        return
    again = _made_now(builder, verbosity)
    for alias, before in kept.items():
        volatile = volatile_columns(now[alias], again[alias])
        for line in differences(before, now[alias], volatile):
            yield f"'{alias}': {line}."


def _made_now(builder: Builder, verbosity: int) -> dict[str, Portrait]:
    builder.publish = False
    builder.resolve(anew=True, verbosity=verbosity)
    return {group.alias: _portrait_of(group) for group in builder.groups}


def _portrait_of(group: Group) -> Portrait:
    """Read a copy of a group's template, which takes no connections itself."""
    name = new_template(group.base, group.key)
    before = str(group.connection.settings_dict["NAME"])
    close(group.connection)
    name_it(group, group.engine.begin(name, group.template))
    try:
        return portrait(group.connection)
    finally:
        close(group.connection)
        group.engine.discard(name)
        name_it(group, before)
