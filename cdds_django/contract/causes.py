"""Changes gathered by the edit that causes them.

A property removed from a component that requests and responses share is two changes and one edit;
so is a field removed from a serializer that drf-spectacular writes as two components, `Order` and
`PatchedOrder`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cdds_django.contract.changes import LEVELS, Change, Level
from cdds_django.contract.origins import Origin, Origins
from cdds_django.contract.references import COMPONENTS

_PROPERTY = re.compile(r".*/properties/[^/]+")


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One edit, with all that it changed."""

    place: str
    """The property or component that was edited, or the place in an operation."""
    text: str
    """One sentence for people: that of its gravest change."""
    level: Level
    """That of its gravest change."""
    changes: tuple[Change, ...]
    """The gravest first."""
    operations: tuple[str, ...]
    """All operations that it reaches, as methods and paths, sorted."""
    origin: Origin | None = None
    """The code behind the place, where that is known."""

    @property
    def approved(self) -> str:
        """Why it is allowed, where all of it that would break is; else empty."""
        reasons = {change.approved for change in self.changes if change.level == self.level}
        return "" if "" in reasons else "; ".join(sorted(reasons))


def cause_of(pointer: str) -> str:
    """Return the place of the edit that shows at `pointer`.

    That is the property it is about, however deep below it a rule looks; or else the component;
    or else the place in the operation.
    """
    if match := _PROPERTY.match(pointer):
        return match[0]
    return component_of(pointer)


def component_of(pointer: str) -> str:
    """Return the component that `pointer` leads into, itself where it leads into none."""
    return "/".join(pointer.split("/")[:4]) if pointer.startswith(COMPONENTS) else pointer


def causes_of(
    changes: Iterable[Change],
    origins: Origins | None = None,
    migrations: Mapping[str, str] | None = None,
) -> tuple[Cause, ...]:
    """Return the causes of `changes`, the gravest first.

    `migrations` are the files that changed models' fields, by `app.Model.field`.
    """
    groups: dict[tuple[object, ...], list[Change]] = {}
    found: dict[tuple[object, ...], Origin | None] = {}
    for change in changes:
        place = cause_of(change.pointer)
        origin = origins.of(place) if origins else None
        key = _key(change, place, origin)
        groups.setdefault(key, []).append(change)
        found[key] = origin
    causes = (_cause(group, found[key], migrations or {}) for key, group in groups.items())
    return tuple(sorted(causes, key=_rank))


def _key(change: Change, place: str, origin: Origin | None) -> tuple[object, ...]:
    if origin is not None and origin.field:
        return (origin.serializer, origin.field)
    # The same place in other operations is another edit; a component is one place for all.
    return (place, () if change.pointer.startswith("#/") else change.operations)


def _cause(group: list[Change], origin: Origin | None, migrations: Mapping[str, str]) -> Cause:
    # `Order` says more than `PatchedOrder`, which drf-spectacular made of it.
    changes = tuple(
        sorted(group, key=lambda change: (LEVELS.index(change.level), len(change.pointer)))
    )
    model = (origin.model or origin.former_model) if origin else ""
    if origin is not None and model in migrations:
        origin = replace(origin, model=model, former_model="", migration=migrations[model])
    return Cause(
        place=cause_of(changes[0].pointer).removeprefix("#/"),
        text=changes[0].text,
        level=changes[0].level,
        changes=changes,
        operations=tuple(sorted({label for change in changes for label in change.operations})),
        origin=origin,
    )


def _rank(cause: Cause) -> tuple[int, str, tuple[str, ...]]:
    return (LEVELS.index(cause.level), cause.place, cause.operations)
