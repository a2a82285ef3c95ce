"""Members of classes that only code which names them can use.

Most of a class may be read by a library: a serializer's fields, a view's attributes, an overridden
method. A plain method of a name that no base class and no library knows can't. Whoever uses one
that came, went or changed its signature names it, as an attribute or in a string.
"""

from __future__ import annotations

from collections.abc import Callable

from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.sites import Sites
from cdds_django.impact.graph.subclassing import installed
from cdds_django.impact.syntax.definitions import FUNCTION

# Libraries look methods up by such patterns: `validate_<field>`, `get_<field>_display`.
_PATTERN_WORDS = """
    as clean create dehydrate depart do filter form format formfield get handle has hydrate on order
    perform prepare process render resolve save set setup sort teardown to validate value visit
"""
_PATTERNS = ("__", "test", *(f"{word}_" for word in _PATTERN_WORDS.split()))
_PLAIN_DECORATORS = frozenset({"property", "staticmethod", "classmethod"})
_PLAIN_EXTERNAL_DECORATORS = frozenset(
    {"functools.cached_property", "django.utils.functional.cached_property"}
)


def is_named_by_its_users(
    change: DefinitionChange, sites: Sites, libraries_name: Callable[[str, frozenset[str]], bool]
) -> bool:
    """Whether a change of a method's declaration concerns only those who name it.

    `libraries_name` tells whether any of some installed packages names a member.
    """
    owner, _, name = change.key.rpartition(".")
    if owner != change.top or not owner or not all(v.kind == FUNCTION for v in change.versions):
        return False
    if name.startswith(_PATTERNS):
        return False
    modules = sites.modules
    for version in change.versions:
        for call in version.calls:
            external = modules.external(change.path, call)
            if call not in _PLAIN_DECORATORS and not external & _PLAIN_EXTERNAL_DECORATORS:
                return False
    symbol = Symbol(change.path, owner)
    family, bases = family_of(symbol, sites)
    for member in family - {symbol}:
        if any(key == f"{member.name}.{name}" for key, _ in modules.definitions(member)):
            return False
    for base in bases:
        kind = installed(base)
        if not isinstance(kind, type) or hasattr(kind, name):
            return False
    packages = frozenset(base.partition(".")[0] for base in bases)
    return not libraries_name(name, packages)


def family_of(symbol: Symbol, sites: Sites) -> tuple[set[Symbol], set[str]]:
    """Return first-party classes above and below one, and their bases in installed packages."""
    modules = sites.modules
    family = {symbol, *sites.subclasses(symbol)}
    bases: set[str] = set()
    pending = list(family)
    while pending:
        member = pending.pop()
        for head in modules.heads(member):
            for base in head.bases:
                bases |= modules.external(member.path, base)
                found = modules.resolve(member.path, base) - family
                family |= found
                pending += found
    return family, bases
