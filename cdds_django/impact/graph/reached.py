"""What a change reaches, as far as the map may have recorded it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.modules import Symbol

_MAX_STEPS = 8


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A change and the way from it, the nearest first."""

    change: DefinitionChange
    via: tuple[str, ...] = ()

    def through(self, step: str) -> Cause:
        """Return the same cause one step further."""
        if step == str(self.change) or step in self.via or len(self.via) >= _MAX_STEPS:
            return self
        return Cause(change=self.change, via=(*self.via, step))


@dataclass(kw_only=True)
class Reached:
    """Everything that a set of changes reaches, each with the cause that came first."""

    functions: dict[str, Cause] = field(default_factory=dict)
    """By key: tests that ran these."""
    symbols: dict[Symbol, Cause] = field(default_factory=dict)
    """Tests that ran a function of these, resolved a URL to them or used their table."""
    tables_of: dict[Symbol, Cause] = field(default_factory=dict)
    """Model classes: tests that used their tables."""
    stand_ins: dict[str, Cause] = field(default_factory=dict)
    """Tests that used what is noted under such a name instead of a symbol's."""
    described: dict[str, Cause] = field(default_factory=dict)
    """Names of models' fields of which only descriptive options changed: tests that ran what
    reads these."""
    groups: dict[str, Cause] = field(default_factory=dict)
    """Tests that did something of this sort, as `registrars` names it."""
    settings: dict[str, Cause] = field(default_factory=dict)
    """Tests that read a setting that names what changed."""
    modules: dict[str, Cause] = field(default_factory=dict)
    """Tests that import these files."""
    reloaded: dict[str, Cause] = field(default_factory=dict)
    """Files in which an import-level value may be another: to be imported anew if tests are there,
    since importing them may fail now."""
    unknown: tuple[Cause, str] | None = None
    """Why nobody can tell whom it concerns."""
