"""What is known of a template: what it was made from, and the state that it is in."""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from cdds_django.impact.records import Dependencies, Dependency

_SCHEMA = 2
_USED_WITHIN_S = 600
"""How exactly the time of the last use is kept."""


class Listed(NamedTuple):
    """One database of ours, as people are told of it."""

    name: str
    kind: str
    """template, fork, or unfinished (what a run that died left)."""
    size: int
    """In bytes."""
    used_at: float | None = None
    """When a run last used the template, in seconds since the epoch."""
    is_in_use: bool = False
    """Whether a run uses it now."""


class Template(NamedTuple):
    """A database that forks are made from; nothing ever runs in it."""

    name: str
    """The database's, or the file's without its extension."""
    key: str
    """The fingerprint of what shapes it."""
    alias: str
    """The alias that it was made for, for people to read."""
    made_at: float
    """Seconds since the epoch."""
    used_at: float
    inputs: tuple[tuple[str, str, str], ...] = ()
    """What ran and was read while it was made, as (kind, key, state)."""
    prepared_by: tuple[tuple[str, str], ...] = ()
    """The same as dependencies of tests, as far as they were recorded."""
    state: Mapping[str, Any] = {}
    """What its database engine needs to know a clean fork."""

    def dependencies(self) -> Dependencies:
        """Return what every test depends on that runs in a fork."""
        return frozenset(Dependency(kind, key) for kind, key in self.prepared_by)

    def used_now(self) -> Template | None:
        """Return it as used now, None where that would say nothing new."""
        now = time.time()
        return self._replace(used_at=now) if now - self.used_at > _USED_WITHIN_S else None

    def to_text(self) -> str:
        """Write it on one line: a sentence for people, then all of it, packed."""
        packed = zlib.compress(json.dumps({"schema": _SCHEMA, **self._asdict()}).encode())
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.made_at))
        return (
            f"cdds_django: template for alias {self.alias}, made {made} "
            f"#{base64.b64encode(packed).decode()}"
        )

    @classmethod
    def from_text(cls, text: str) -> Template | None:
        """Read what `to_text` wrote; None for anything else, another version's included."""
        try:
            stored = json.loads(zlib.decompress(base64.b64decode(text.rpartition(" #")[2])))
            if stored.pop("schema") != _SCHEMA:
                return None
            stored["inputs"] = tuple(tuple(one) for one in stored["inputs"])
            stored["prepared_by"] = tuple(tuple(one) for one in stored["prepared_by"])
            return cls(**stored)
        except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
            return None
