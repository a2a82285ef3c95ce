"""Keywords of which another value is another promise: which one allows more can't be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import text_of
from cdds_django.contract.pairing import meaning_of
from cdds_django.contract.rules.rule import Family
from cdds_django.contract.sites import SchemaSite


def _changed(keyword: str, slug: str, values: str = " from {old} to {new}") -> Family:
    return Family(
        suffix=f"{slug}-changed",
        request="error",
        response="error",
        text=f"{keyword} of {{name}} changed{values}",
    )


_VALUES: Mapping[str, Family] = {
    "multipleOf": _changed("multipleOf", "multiple-of"),
    "contentEncoding": _changed("contentEncoding", "content-encoding"),
    "contentMediaType": _changed("contentMediaType", "content-media-type"),
}
_SCHEMAS: Mapping[str, Family] = {
    # Narrowing what is refused widens what is taken; both at once is what edits mostly are.
    "not": _changed("not", "not", ""),
    "if": _changed("if", "if", ""),
}
DEPENDENT_REQUIRED = _changed("dependentRequired", "dependent-required", ": {which}")
FAMILIES = (*_VALUES.values(), *_SCHEMAS.values(), DEPENDENT_REQUIRED)


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report keywords that both sides have with another value."""
    for key, family in _VALUES.items():
        old, new = site.values(key)
        if old is not None and new is not None and text_of(old) != text_of(new):
            yield family.found(site, f"/{key}", old=text_of(old), new=text_of(new))
    for key, family in _SCHEMAS.items():
        old, new = site.values(key)
        if old is not None and new is not None:
            meanings = meaning_of(old, site.base_schemas), meaning_of(new, site.head_schemas)
            if meanings[0] != meanings[1]:
                yield family.found(site, f"/{key}")
    before, after = (form.get("dependentRequired", {}) for form in (site.base, site.head))
    for name in sorted(before.keys() & after.keys()):
        if sorted(before[name]) != sorted(after[name]):
            yield DEPENDENT_REQUIRED.found(site, "/dependentRequired", which=text_of(name))
