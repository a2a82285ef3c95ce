"""Ways to be let in that came or went.

oasdiff reports them as info, since which of several alternatives a client uses isn't known.
"""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.requirements import Alternatives, alternatives, named_schemes
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

ADDED = Rule(id="api-security-added", level="info", text="{name} lets clients in")
REMOVED = Rule(id="api-security-removed", level="info", text="{name} no longer lets clients in")
SCOPE_ADDED = Rule(
    id="api-security-scope-added", level="info", text="{name} needs the scope `{value}` now"
)
SCOPE_REMOVED = Rule(
    id="api-security-scope-removed",
    level="info",
    text="{name} no longer needs the scope `{value}`",
)
RULES = (ADDED, REMOVED, SCOPE_ADDED, SCOPE_REMOVED)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report alternatives of an operation's own security requirements."""
    base, head = site.documents.base.document, site.documents.head.document
    old, new = (row.request.get("security", []) for row in (site.base, site.head))
    # What all operations take over from the document is one change of the document.
    if old == base.security and new == head.security:
        return
    names = named_schemes(base.schemes, head.schemes)
    yield from compared(
        alternatives(old, names[0]),
        alternatives(new, names[1]),
        (ADDED, REMOVED, SCOPE_ADDED, SCOPE_REMOVED),
        "/request/security",
    )


def compared(
    old: Alternatives, new: Alternatives, rules: tuple[Rule, Rule, Rule, Rule], part: str
) -> Iterator[Finding]:
    """Compare two lists of alternatives by the schemes they name."""
    added, removed, scope_added, scope_removed = rules
    for schemes in sorted(old.keys() - new.keys()):
        yield removed.found(part, name=_words(schemes))
    for schemes in sorted(new.keys() - old.keys()):
        yield added.found(part, name=_words(schemes))
    for schemes in sorted(old.keys() & new.keys()):
        for value in sorted(old[schemes] - new[schemes]):
            yield scope_removed.found(part, name=_words(schemes), value=value)
        for value in sorted(new[schemes] - old[schemes]):
            yield scope_added.found(part, name=_words(schemes), value=value)


def _words(schemes: tuple[str, ...]) -> str:
    return " with ".join(f"`{name}`" for name in schemes) or "nothing at all"
