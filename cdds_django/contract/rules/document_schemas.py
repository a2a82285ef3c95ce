"""Components that nothing refers to any more: generated clients lose a class."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.references import COMPONENTS, escaped
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import DocumentSite

REMOVED = Rule(id="api-schema-removed", level="info", text="the schema {name} is used no more")
RULES = (REMOVED,)


def check(site: DocumentSite, *, followed: Collection[str]) -> Iterator[Finding]:
    """Report schemas that went.

    Those that only got another name did not, nor those that were `followed` to their successors:
    the names of base components that were compared with one of another name.
    """
    kept = {row.digest for name, row in site.head.schemas.items() if name not in site.base.schemas}
    for name in sorted(site.base.schemas.keys() - site.head.schemas.keys() - set(followed)):
        if site.base.schemas[name].digest not in kept and not name.startswith("#"):
            yield REMOVED.found(f"{COMPONENTS}{escaped(name)}", name=name)
