"""Servers that an operation or its path names for itself."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

ADDED = Rule(id="operation-server-added", level="info", text="the server {value} was added")
REMOVED = Rule(id="operation-server-removed", level="warning", text="the server {value} is gone")
RULES = (ADDED, REMOVED)

_PART = "/request/servers"


def check(site: OperationSite) -> Iterator[Finding]:
    """Report servers by their URL and variables."""
    old, new = (
        {text_of(server): server for server in row.request.get("servers", [])}
        for row in (site.base, site.head)
    )
    for text in sorted(old.keys() - new.keys()):
        yield REMOVED.found(_PART, value=_word(old[text], text))
    for text in sorted(new.keys() - old.keys()):
        yield ADDED.found(_PART, value=_word(new[text], text))


def _word(server: object, text: str) -> str:
    return str(server["url"]) if isinstance(server, dict) and "url" in server else text
