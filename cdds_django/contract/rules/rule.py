"""What a rule is: an id, a level and a sentence; and families of rules over places of schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.literals import text_of
from cdds_django.contract.sites import SchemaSite

BODIES_AND_PROPERTIES = (
    "request-body",
    "request-property",
    "request-read-only-property",
    "response-body",
    "response-property",
    "response-write-only-property",
)
"""Places of schemas, as rule ids begin, where objects are described."""

PLACES = (
    *BODIES_AND_PROPERTIES,
    "request-parameter",
    "request-parameter-property",
    "response-header",
)
"""All places of schemas. `request-read-only-property` is a property that no client sends, and
`response-write-only-property` one that none receives: nothing about them breaks anybody."""

HEADER_PROPERTY = "request-header-property"
"""A property of a header parameter; few rules have an id of their own for it, as in oasdiff."""

_GENERAL = {
    HEADER_PROPERTY: "request-parameter-property",
    "request-header-parameter": "request-parameter",
}

_UNSEEN = ("request-read-only-property", "response-write-only-property")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of change."""

    id: str
    """oasdiff's where the rule is the same."""
    level: Level
    text: str
    """A sentence with `{words}` for what a finding fills in; `{name}` is the place."""

    def found(self, part: str = "", **words: object) -> Finding:
        """Return a finding of this rule; `part` is the rest of a pointer.

        The word `old` is what the base has. Another base (after a rebase, say) leaves the change
        the same, so `old` is no part of the finding's identity.
        """
        return Finding(
            id=self.id,
            level=self.level,
            text=self.text.format(**words),
            part=part,
            identity=tuple(str(words[key]) for key in sorted(words) if key != "old"),
        )


@dataclass(frozen=True, kw_only=True)
class Family:
    """One rule for each place of a schema, `request-body-max-decreased` and the like.

    Narrowing what a request may be breaks clients, and so does widening what a response may be;
    hence a level for each direction.
    """

    suffix: str
    """End of the ids. `{place}` in it stands for the place where that isn't the beginning."""
    request: Level
    response: Level
    text: str
    places: tuple[str, ...] = PLACES
    levels: Mapping[str, Level] = field(default_factory=dict)
    """By place, where the level is another one than the direction's."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """By place, where the id is another one."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all places."""
        return tuple(self._rule(place) for place in self.places)

    def found(self, site: SchemaSite, part: str = "", **words: object) -> Finding:
        """Return a finding of the rule for the place of `site`."""
        return self.at(site.subject, part, **{"name": site.name, **words})

    def of_property(self, site: SchemaSite, name: str, **words: object) -> Finding:
        """Return a finding of the rule for the property `name` of `site`."""
        place = site.subject_of(name)
        return self.at(place, site.part_of(name), **{"name": f"the property `{name}`", **words})

    def at(self, place: str, part: str, **words: object) -> Finding:
        """Return a finding of the rule for `place`."""
        if place not in self.places:
            place = _GENERAL[place]
        return self._rule(place).found(part, **words)

    def _rule(self, place: str) -> Rule:
        level = self.request if place.startswith("request") else self.response
        if place in _UNSEEN:
            level = "info"
        suffix = self.suffix if "{place}" in self.suffix else f"{{place}}-{self.suffix}"
        return Rule(
            id=self.ids.get(place, suffix.format(place=place)),
            level=self.levels.get(place, level),
            text=self.text,
        )


def of_value(
    site: SchemaSite, keyword: str, *, added: Family, removed: Family, changed: Family
) -> Iterator[Finding]:
    """Report a keyword that came, went or has another value."""
    was, now = keyword in site.base, keyword in site.head
    old, new = (text_of(value) for value in site.values(keyword))
    if was and now:
        if old != new:
            yield changed.found(site, old=old, new=new)
    elif now:
        yield added.found(site, new=new)
    elif was:
        yield removed.found(site, old=old)
