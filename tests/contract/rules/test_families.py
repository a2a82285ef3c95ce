"""Every family of rules at every place, by an example, forth and back."""

from __future__ import annotations

import pytest

from cdds_django.contract.rules.catalogue import RULES, SCHEMA_MODULES

from .examples import COMPONENTS, PROPERTIES, SCHEMAS, WRAPPERS, with_property

FAMILIES = {family.suffix: family for module in SCHEMA_MODULES for family in module.FAMILIES}


def rule_of(suffix, place):
    """Return the rule of a family for a place, None where it has none."""
    if suffix == "type-{narrower}":
        # oasdiff calls a narrower type of a request simply changed.
        suffix = "type-specialized" if place.startswith("response") else "type-changed"
    family = FAMILIES[suffix]
    return family._rule(place) if place in family.places else None


def name(example):
    return f"{example[0]}, {example[1]}"


@pytest.mark.parametrize("example", SCHEMAS, ids=name)
def test_schemas(example, found_in):
    forth, back, base, head = example
    for place, wrap in WRAPPERS.items():
        for suffix, old, new in ((forth, base, head), (back, head, base)):
            rule = rule_of(suffix, place)
            if rule is not None:
                assert (rule.id, rule.level) in found_in(wrap(old), wrap(new), COMPONENTS), place


@pytest.mark.parametrize("example", PROPERTIES, ids=name)
def test_properties(example, found_in):
    forth, back, base, head = example
    for place in FAMILIES[forth].places:
        for suffix, old, new in ((forth, base, head), (back, head, base)):
            rule = rule_of(suffix, place)
            if rule is not None:
                found = found_in(with_property(place, old), with_property(place, new))
                assert found == [(rule.id, rule.level)]


def test_levels_follow_the_direction():
    """What hides in neither direction is never an error."""
    for rule in RULES.values():
        if rule.id.startswith(("request-read-only-property", "response-write-only-property")):
            assert rule.level == "info"
