"""Walks two contracts side by side and lets every rule look at every place that differs.

Each pair of components is walked once for each direction and role, and its findings belong to the
component, so that an edit of a shared component is one cause however many operations reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cdds_django.contract.changes import Finding
from cdds_django.contract.flattening import flattened
from cdds_django.contract.forms import without_use
from cdds_django.contract.keywords import COMPOSITIONS, SCHEMA_KEYS, USE_KEYS
from cdds_django.contract.literals import REFERENCE, JsonObject, text_of
from cdds_django.contract.pairing import is_among, unmatched
from cdds_django.contract.references import COMPONENTS, escaped
from cdds_django.contract.sites import (
    Direction,
    Schemas,
    SchemaSite,
    item_subject,
    resolved,
)

SchemaRule = Callable[[SchemaSite], Iterator[Finding]]

_BY_NAME = ("patternProperties", "dependentSchemas")


@dataclass(frozen=True, kw_only=True)
class Step:
    """Two schemas to compare: where they are used and how rules call them."""

    base: JsonObject
    """Canonical, maybe a `$ref`."""
    head: JsonObject
    direction: Direction
    subject: str
    name: str
    pointer: str
    is_text: bool = False
    """Whether values travel as text without types."""


@dataclass(frozen=True)
class Located:
    """A finding and its whole pointer."""

    finding: Finding
    pointer: str


@dataclass
class _Found:
    """What one walk of a component pair came to."""

    own: list[Located] = field(default_factory=list)
    below: list[Step] = field(default_factory=list)


class SchemaWalk:
    """Compares schemas of two snapshots, remembering pairs that were compared before."""

    def __init__(self, base: Schemas, head: Schemas, rules: Sequence[SchemaRule]) -> None:
        self._base = base
        self._head = head
        self._rules = rules
        self._pairs: dict[tuple[object, ...], _Found] = {}

    @property
    def followed(self) -> frozenset[str]:
        """The base components that were compared with one of another name."""
        return frozenset(str(key[0]) for key in self._pairs if key[0] != key[1])

    def compare(self, steps: Sequence[Step]) -> Iterator[Located]:
        """Yield what rules found at `steps` and everywhere below, each component pair once."""
        pending = list(steps)
        seen: dict[tuple[object, ...], list[str]] = {}
        while pending:
            step = pending.pop()
            if self._same(step):
                continue
            key = self._key(step)
            places = seen.setdefault(key, [])
            is_shared = REFERENCE in step.base and REFERENCE in step.head
            # What is written in place counts at each place, but not below itself: one side may go
            # round in circles that the other doesn't.
            if places and (is_shared or any(map(step.pointer.startswith, places))):
                continue
            places.append(step.pointer)
            found = self._pairs.get(key)
            if found is None:
                found = self._look(step)
                if is_shared:
                    self._pairs[key] = found
            yield from found.own
            pending += found.below

    def _same(self, step: Step) -> bool:
        """Whether the two mean the same, as far as that can be told without walking."""
        names = step.base.get(REFERENCE), step.head.get(REFERENCE)
        if names[0] is None or names[1] is None:
            return _untouched(step.base, step.head)
        base, head = self._base.get(names[0]), self._head.get(names[1])
        return (
            base is not None
            and head is not None
            and base.digest == head.digest
            and _use(step.base) == _use(step.head)
        )

    def _key(self, step: Step) -> tuple[object, ...]:
        base, head = (form.get(REFERENCE) or text_of(form) for form in (step.base, step.head))
        use = text_of([_use(step.base), _use(step.head)])
        return (base, head, step.subject, step.is_text, use)

    def _look(self, step: Step) -> _Found:
        if head_name := step.head.get(REFERENCE):
            step = replace(step, pointer=_component_pointer(head_name))
        base, head = resolved(step.base, self._base), resolved(step.head, self._head)
        if ("allOf" in base) != ("allOf" in head):
            base, head = flattened(base, self._base), flattened(head, self._head)
        alone = self._wrapped(step, base, head)
        base, head = alone or (base, head)
        site = SchemaSite(
            base=base,
            head=head,
            is_wrapped=alone is not None,
            base_schemas=self._base,
            head_schemas=self._head,
            direction=step.direction,
            subject=step.subject,
            name=step.name,
            is_text=step.is_text,
        )
        found = _Found()
        for rule in self._rules:
            for finding in rule(site):
                found.own.append(Located(finding, step.pointer + finding.part))
        found.below = list(self._below(step, site))
        return found

    def _wrapped(
        self, step: Step, base: JsonObject, head: JsonObject
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return both sides as alternatives where one side is one of the other's."""
        for key in ("anyOf", "oneOf"):
            if (
                COMPOSITIONS.isdisjoint(base)
                and key in head
                and is_among(base, self._base, head[key], self._head)
            ):
                return {key: [without_use(step.base)]}, head
            if (
                COMPOSITIONS.isdisjoint(head)
                and key in base
                and is_among(head, self._head, base[key], self._base)
            ):
                return base, {key: [without_use(step.head)]}
        return None

    def _below(self, step: Step, site: SchemaSite) -> Iterator[Step]:
        base, head = site.base, site.head
        for name in site.common_properties:
            old, new = base["properties"][name], head["properties"][name]
            if _untouched(old, new):
                continue
            yield replace(
                step,
                base=old,
                head=new,
                subject=site.subject_of(name),
                name=f"the property `{name}`",
                pointer=step.pointer + site.part_of(name),
            )
        # Rules compare `not` and `if` as a whole: whatever is below narrows and widens in turn.
        for key in sorted(SCHEMA_KEYS & base.keys() & head.keys() - {"not", "if"}):
            yield replace(
                step,
                base=base[key],
                head=head[key],
                subject=item_subject(step.subject),
                name=f"{key} of {step.name}",
                pointer=f"{step.pointer}/{key}",
            )
        for key in _BY_NAME:
            yield from self._named(step, key, base.get(key, {}), head.get(key, {}))
        for key in sorted(COMPOSITIONS & base.keys() & head.keys()):
            yield from self._branches(step, key, base[key], head[key])
        for index, pair in enumerate(
            zip(base.get("prefixItems", ()), head.get("prefixItems", ()), strict=False)
        ):
            yield replace(
                step,
                base=pair[0],
                head=pair[1],
                subject=item_subject(step.subject),
                name=f"item {index} of {step.name}",
                pointer=f"{step.pointer}/prefixItems/{index}",
            )

    def _named(self, step: Step, key: str, base: JsonObject, head: JsonObject) -> Iterator[Step]:
        for name in sorted(base.keys() & head.keys()):
            yield replace(
                step,
                base=base[name],
                head=head[name],
                subject=item_subject(step.subject),
                name=f"{key} `{name}` of {step.name}",
                pointer=f"{step.pointer}/{key}/{escaped(name)}",
            )

    def _branches(self, step: Step, key: str, base: list[Any], head: list[Any]) -> Iterator[Step]:
        for old, new in unmatched(base, head, self._base, self._head).changed:
            yield replace(
                step,
                base=old,
                head=new,
                pointer=f"{step.pointer}/{key}",
            )


def _untouched(base: JsonObject, head: JsonObject) -> bool:
    """Whether two forms are equal and simple, as nearly all are: equal names mean other schemas."""
    return base == head and not _refers(base)


def _refers(value: Any) -> bool:
    if type(value) is dict:
        return REFERENCE in value or any(map(_refers, value.values()))
    return type(value) is list and any(map(_refers, value))


def _use(form: JsonObject) -> JsonObject:
    return {key: form[key] for key in USE_KEYS if key in form}


def _component_pointer(name: str) -> str:
    return name if name.startswith("#") else f"{COMPONENTS}{escaped(name)}"
