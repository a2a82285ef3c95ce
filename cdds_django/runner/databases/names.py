"""Names of the databases that this package makes, and how it knows them again.

A template is called after the test database, then what it was made from, then a number of its own,
then four digits that are worked out from the rest. Nobody else's database has such a name by
chance, so whatever has one may be dropped. A fork is called after its template.
"""

from __future__ import annotations

import re
import uuid
from typing import NamedTuple

from cdds_django.impact.code.tree import digest

_LONGEST_BASE = 30
"""PostgreSQL cuts names after 63 bytes, MySQL after 64 characters; a fork's number must fit."""
_OURS = re.compile(r"(?P<base>[a-z0-9_]+)_cdds_(?P<key>[0-9a-f]{8})_(?P<own>[0-9a-f]{4})")
_CHECK_DIGITS = 4
BEING_MADE = "new"
"""What a template's name ends in until it is complete."""


class OurName(NamedTuple):
    """What the name of a database of ours says."""

    base: str
    """The test database's own name, shortened."""
    key: str
    """What the template was made from, shortened."""
    template: str
    """The template's full name."""
    suffix: str = ""
    """A fork's number; empty for a template, "new" for one that isn't complete."""


def base_of(test_name: str) -> str:
    """Return what stands for a test database's name in names of ours."""
    plain = re.sub(r"[^a-z0-9_]", "_", test_name.lower())
    if len(plain) > _LONGEST_BASE or not plain:
        plain = f"{plain[: _LONGEST_BASE - 7]}_{digest(test_name.encode())[:6]}"
    return plain


def new_template(base: str, key: str) -> str:
    """Return a name for a template that doesn't exist yet. `key` is its fingerprint."""
    name = f"{prefix_of(base, key)}{uuid.uuid4().hex[:4]}"
    return name + _check(name)


def prefix_of(base: str, key: str = "") -> str:
    """Return what the names of all templates begin with that were made for `base` from `key`."""
    return f"{base}_cdds_{key[:8]}_" if key else f"{base}_cdds_"


def fork_of(template: str, number: int | str) -> str:
    """Return the name of a template's fork."""
    return f"{template}_{number}"


def parsed(name: str) -> OurName | None:
    """Return what a database's name says, None where the database isn't ours."""
    found = _OURS.match(name)
    if found is None:
        return None
    stem, rest = found.group(), name[found.end() :]
    check, _, suffix = rest.partition("_")
    if check != _check(stem) or (rest != check and not suffix):
        return None
    return OurName(base=found["base"], key=found["key"], template=f"{stem}{check}", suffix=suffix)


def _check(stem: str) -> str:
    return digest(f"cdds_django {stem}".encode())[:_CHECK_DIGITS]
