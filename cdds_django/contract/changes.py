"""What a diff reports: changes, each with its level, its place and the operations it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning", "info"]
"""`error` breaks clients; `warning` breaks some, or only those that do more than promised; `info`
breaks none. The words are oasdiff's."""

LEVELS: tuple[Level, ...] = ("error", "warning", "info")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule found at one place."""

    id: str
    """The rule's id, oasdiff's where the rule is the same."""
    level: Level
    text: str
    """One sentence for people, without the operation."""
    part: str = ""
    """The part of the place that changed, as the rest of a pointer (`/properties/status`)."""
    identity: tuple[str, ...] = ()
    """What tells it from other findings of the same rule at the same place, on any branch."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change, reported once however many operations it reaches."""

    id: str
    """The rule's id, such as `request-property-became-required`."""
    level: Level
    operation: str
    """The first operation it reaches, as method and path."""
    operation_id: str
    pointer: str
    """Where it is: in a component (`#/components/schemas/Order/properties/status`), or in the
    operation (`/request/parameters/query page`)."""
    text: str
    """One sentence for people."""
    cause: str
    """The component, or else the place in the operation, whose edit this is."""
    operations: tuple[str, ...]
    """All operations it reaches, as methods and paths, sorted."""
    fingerprint: str
    """The same for the same change on any branch and after any rebase."""
    approved: str = ""
    """Why this change is allowed, from the policy; empty where it isn't."""

    @property
    def breaks(self) -> bool:
        """Whether it breaks clients and nobody approved of it."""
        return self.level == "error" and not self.approved


@dataclass(frozen=True, kw_only=True)
class Diff:
    """The difference of two snapshots; operations are named by operationId, sorted."""

    changes: tuple[Change, ...]
    """The gravest first, then by pointer."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    """Operations on both sides that differ in any way, documentation included."""
    affected: tuple[str, ...]
    """Operations whose contract differs: added, removed, or another request or response."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Method and path of all these operations, by operationId."""
    versions: tuple[str, str] = ("", "")
    """What both sides call their version (`info.version`), empty where they don't."""

    @property
    def breaking(self) -> bool:
        """Whether any change breaks clients and is not approved."""
        return any(change.breaks for change in self.changes)
