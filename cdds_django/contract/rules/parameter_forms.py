"""How a parameter's value is written into a request: its style, and what it may leave unescaped."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.references import escaped
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

STYLE = Rule(
    id="request-parameter-style-changed",
    level="error",
    text="the style of the {name} changed from {old} to {new}",
)
EXPLODE = Rule(
    id="request-parameter-explode-changed",
    level="error",
    text="explode of the {name} changed from {old} to {new}",
)
ALLOWED = Rule(
    id="request-parameter-allowance-added", level="info", text="{key} of the {name} is set now"
)
FORBIDDEN = Rule(
    id="request-parameter-allowance-removed",
    level="error",
    text="{key} of the {name} is no longer set",
)
RULES = (STYLE, EXPLODE, ALLOWED, FORBIDDEN)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report parameters of both sides that are written in another way."""
    old, new = (row.request.get("parameters", {}) for row in (site.base, site.head))
    for key in sorted(old.keys() & new.keys()):
        base, head = old[key], new[key]
        place, name = key.split(" ", 1)
        words = {"name": f"{place} parameter `{name}`"}
        part = f"/request/parameters/{escaped(key)}"
        # What explode means, and is by default, depends on the style.
        keyword = "explode" if base.get("style") == head.get("style") else "style"
        before, after = base.get(keyword, "default"), head.get(keyword, "default")
        if before != after:
            rule = EXPLODE if keyword == "explode" else STYLE
            yield rule.found(part, **words, old=text_of(before), new=text_of(after))
        for keyword in ("allowReserved", "allowEmptyValue"):
            if bool(base.get(keyword)) != bool(head.get(keyword)):
                rule = ALLOWED if head.get(keyword) else FORBIDDEN
                yield rule.found(part, **words, key=keyword)
