"""Ways to be let in that came or went.

oasdiff reports them as info, since which of several alternatives a client uses isn't known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.sites import OperationSite

_PART = "/request/security"


def check(site: OperationSite) -> Iterator[Finding]:
    """Report alternatives of an operation's security requirements."""
    old, new = (
        {text_of(item): item for item in row.request.get("security", [])}
        for row in (site.base, site.head)
    )
    for text in sorted(old.keys() - new.keys()):
        yield Finding(
            id="api-security-removed",
            level="info",
            text=f"{_words(old[text])} no longer lets clients in",
            part=_PART,
        )
    for text in sorted(new.keys() - old.keys()):
        yield Finding(
            id="api-security-added",
            level="info",
            text=f"{_words(new[text])} lets clients in",
            part=_PART,
        )


def _words(alternative: list[Any]) -> str:
    if not alternative:
        return "no credentials at all"
    return " with ".join(_scheme(item["scheme"], item["scopes"]) for item in alternative)


def _scheme(scheme: dict[str, Any], scopes: list[str]) -> str:
    parts = [scheme.get(key) for key in ("type", "scheme", "in", "name")]
    words = " ".join(str(part) for part in parts if part)
    return f"{words} ({', '.join(scopes)})" if scopes else words
