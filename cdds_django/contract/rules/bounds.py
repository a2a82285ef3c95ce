"""Upper and lower bounds of numbers, lengths and counts.

Tighter breaks requests, looser breaks responses. A bound set on a request where there was none is
a warning, as in oasdiff: servers mostly refused such values before it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import Family
from cdds_django.contract.sites import SchemaSite


@dataclass(frozen=True)
class _Bound:
    """The rules about one keyword."""

    keyword: str
    families: Mapping[str, Family]
    """By what happened: set, unset, increased, decreased."""


def _bound(keyword: str, word: str, *, upper: bool) -> _Bound:
    tighter, looser = ("decreased", "increased") if upper else ("increased", "decreased")
    change = f"{keyword} of {{name}} %s from {{old}} to {{new}}"
    return _Bound(
        keyword,
        {
            "set": Family(
                suffix=f"{word}-set",
                request="warning",
                response="info",
                text=f"{keyword} of {{name}} is {{new}} now, and there was none",
            ),
            "unset": Family(
                suffix=f"{word}-unset",
                request="info",
                response="error",
                text=f"{keyword} of {{name}} was {{old}}, and there is none now",
            ),
            tighter: Family(
                suffix=f"{word}-{tighter}", request="error", response="info", text=change % tighter
            ),
            looser: Family(
                suffix=f"{word}-{looser}", request="info", response="error", text=change % looser
            ),
        },
    )


_BOUNDS = (
    _bound("maximum", "max", upper=True),
    _bound("exclusiveMaximum", "exclusive-max", upper=True),
    _bound("maxLength", "max-length", upper=True),
    _bound("maxItems", "max-items", upper=True),
    _bound("maxProperties", "max-properties", upper=True),
    _bound("maxContains", "max-contains", upper=True),
    _bound("minimum", "min", upper=False),
    _bound("exclusiveMinimum", "exclusive-min", upper=False),
    _bound("minLength", "min-length", upper=False),
    _bound("minItems", "min-items", upper=False),
    _bound("minProperties", "min-properties", upper=False),
    _bound("minContains", "min-contains", upper=False),
)
FAMILIES = tuple(family for bound in _BOUNDS for family in bound.families.values())


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report bounds that are tighter or looser."""
    for bound in _BOUNDS:
        old, new = site.values(bound.keyword)
        if old == new:
            continue
        if old is None:
            yield bound.families["set"].found(site, new=new)
        elif new is None:
            yield bound.families["unset"].found(site, old=old)
        elif _is_number(old) and _is_number(new):
            how = "increased" if new > old else "decreased"
            yield bound.families[how].found(site, old=old, new=new)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
