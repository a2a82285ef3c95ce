"""Types and formats.

A request may take more than before, a response give less: `integer` to `number` is safe in a
request and breaks in a response.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdds_django.contract.changes import Finding
from cdds_django.contract.keywords import COMPOSITIONS
from cdds_django.contract.sites import SchemaSite


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report another type, or another format of the same type."""
    base, head = _types(site.base.get("type")), _types(site.head.get("type"))
    formats = site.values("format")
    if base == head and formats[0] == formats[1]:
        return
    if base == head:
        wider = formats[1] is None
        narrower = formats[0] is None
        text = f"the format of {site.name} changed from {_word(formats[0])} to {_word(formats[1])}"
    else:
        if _composed(site):
            # The composition's own rules say what became possible.
            return
        wider, narrower = _within(base, head), _within(head, base)
        text = f"the type of {site.name} changed from {_named(base)} to {_named(head)}"
    several = base != head and len(base) + len(head) > 2 and base and head
    safe = wider if site.is_request else narrower
    if several and (wider or narrower):
        change = "list-of-types-widened" if wider else "list-of-types-narrowed"
    elif wider or narrower:
        change = "type-generalized" if wider else "type-specialized"
        if not safe and narrower:
            change = "type-changed"
    else:
        change = "type-changed"
    yield Finding(id=f"{site.subject}-{change}", level="info" if safe else "error", text=text)


def _composed(site: SchemaSite) -> bool:
    return not COMPOSITIONS.isdisjoint(site.base) or not COMPOSITIONS.isdisjoint(site.head)


def _types(value: Any) -> frozenset[str]:
    """Return the allowed types, none for any."""
    if value is None or value == "null":
        return frozenset()
    return frozenset([value] if isinstance(value, str) else value)


def _within(inner: frozenset[str], outer: frozenset[str]) -> bool:
    """Whether every value of `inner` types is of an `outer` type."""
    if not outer:
        return True
    wide = outer | {"integer"} if "number" in outer else outer
    return bool(inner) and inner <= wide


def _named(types: frozenset[str]) -> str:
    return " or ".join(f"`{name}`" for name in sorted(types)) or "any"


def _word(value: Any) -> str:
    return f"`{value}`" if value else "none"
