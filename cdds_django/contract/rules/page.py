"""The documentation page of all rules: `python -m cdds_django.contract.rules.page`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

from cdds_django.contract.rules import catalogue
from cdds_django.contract.rules.rule import Family, Rule

_INTRODUCTION = """# Rules of the contract's diff

Made by `python -m cdds_django.contract.rules.page`; a test compares it with the rules.

Ids and levels are oasdiff's where the rule is the same. `error` breaks clients, `warning` breaks
some of them or those that do more than was promised, `info` breaks none.
[The policy](contract.md#policy) changes levels.

Narrowing what clients may send breaks them, and so does widening what they may receive. So most
rules about schemas have one level for requests and one for responses, and their ids begin with a
place:

| place | is |
| --- | --- |
"""

_PLACES: Mapping[str, str] = {
    "request-body": "the body of a request",
    "request-property": "a property anywhere in it",
    "request-read-only-property": "a property that clients don't send; always `info`",
    "request-parameter": "a parameter, or items of one that is an array",
    "request-parameter-property": "a property of a parameter",
    "request-header-property": "a property of a header parameter, where oasdiff has an id for it",
    "response-body": "the body of a response",
    "response-property": "a property anywhere in it",
    "response-write-only-property": "a property that clients don't receive; always `info`",
    "response-header": "a header of a response",
}


def page() -> str:
    """Return the page as Markdown."""
    places = "".join(f"| `{place}` | {words} |\n" for place, words in _PLACES.items())
    sections = [*_family_sections(), *_rule_sections()]
    return _INTRODUCTION + places + "".join(f"\n{section}" for section in sections)


def _family_sections() -> Iterator[str]:
    for module in catalogue.SCHEMA_MODULES:
        lines = [
            f"## {_title(module)}\n",
            "| id | requests | responses | says |",
            "| --- | --- | --- | --- |",
            *(_family_row(family) for family in module.FAMILIES),
        ]
        if exceptions := [line for family in module.FAMILIES for line in _exceptions(family)]:
            lines += ["", *exceptions]
        yield "\n".join(lines) + "\n"


def _family_row(family: Family) -> str:
    requests = any(place.startswith("request") for place in family.places)
    responses = any(place.startswith("response") for place in family.places)
    pattern = family.suffix if "{place}" in family.suffix else f"{{place}}-{family.suffix}"
    return _row(
        f"`{pattern.format(place='PLACE')}`",
        family.request if requests else "",
        family.response if responses else "",
        family.text,
    )


def _exceptions(family: Family) -> Iterator[str]:
    pattern = family.suffix if "{place}" in family.suffix else f"{{place}}-{family.suffix}"
    for place, name in family.ids.items():
        yield f"- `{pattern.format(place=place)}` is called `{name}`."
    for place, level in family.levels.items():
        yield f"- `{family.ids.get(place, pattern.format(place=place))}` has the level {level}."


def _rule_sections() -> Iterator[str]:
    for module, rules in catalogue.SINGLE_RULES:
        lines = [
            f"## {_title(module)}\n",
            "| id | level | says |",
            "| --- | --- | --- |",
            *(_row(f"`{rule.id}`", rule.level, rule.text) for rule in _sorted(rules)),
        ]
        yield "\n".join(lines) + "\n"


def _sorted(rules: Iterable[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: rule.id)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _title(module: ModuleType) -> str:
    return str(module.__doc__).partition("\n")[0].partition(".")[0]


if __name__ == "__main__":
    sys.stdout.write(page())
