"""Upper and lower bounds of numbers, lengths and counts."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.sites import SchemaSite

_BOUNDS = (
    # keyword, its name in rule ids, whether it is an upper bound
    ("maximum", "max", True),
    ("exclusiveMaximum", "exclusive-max", True),
    ("maxLength", "max-length", True),
    ("maxItems", "max-items", True),
    ("maxProperties", "max-properties", True),
    ("maxContains", "max-contains", True),
    ("minimum", "min", False),
    ("exclusiveMinimum", "exclusive-min", False),
    ("minLength", "min-length", False),
    ("minItems", "min-items", False),
    ("minProperties", "min-properties", False),
    ("minContains", "min-contains", False),
)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report bounds that are tighter or looser.

    Tighter breaks requests, looser breaks responses. A bound set on a request where there was
    none is a warning, as in oasdiff: servers mostly refused such values before it was written.
    """
    for keyword, word, upper in _BOUNDS:
        old, new = site.values(keyword)
        if old == new:
            continue
        if old is None:
            change, tighter = "set", True
        elif new is None:
            change, tighter = "unset", False
        elif not _number(old) or not _number(new):
            continue
        else:
            change, tighter = ("increased", not upper) if new > old else ("decreased", upper)
        breaks = tighter == site.is_request
        level: Level = "error" if breaks else "info"
        if breaks and change == "set":
            level = "warning"
        yield Finding(
            id=f"{site.subject}-{word}-{change}",
            level=level,
            text=f"{keyword} of {site.name} {_how(change, old, new)}",
        )


def _how(change: str, old: object, new: object) -> str:
    if change == "set":
        return f"is now {new}"
    if change == "unset":
        return f"was {old} and is gone"
    return f"{change} from {old} to {new}"


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
