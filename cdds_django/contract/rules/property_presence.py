"""Properties that came or went, as far as they belong to the direction.

A client that sends a property nobody reads any more is a warning in oasdiff: whether the server
refuses it can't be told. A response that lacks what was promised breaks its readers.
"""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import HEADER_PROPERTY, Family, Rule
from cdds_django.contract.sites import SchemaSite

_SENT = ("request-property", "request-parameter-property", "request-read-only-property")

REMOVED = Family(
    suffix="removed",
    request="warning",
    response="info",
    text="{name} was removed",
    places=_SENT,
)
NEW_REQUIRED = Family(
    suffix="new-required-{place}",
    request="error",
    response="info",
    text="{name} was added and is required",
    places=(*_SENT, HEADER_PROPERTY),
    ids={HEADER_PROPERTY: "new-required-request-header-property"},
)
NEW_REQUIRED_WITH_DEFAULT = Family(
    suffix="new-required-{place}-with-default",
    request="error",
    response="info",
    text="{name} was added and is required, though it has a default",
    places=_SENT,
)
NEW_OPTIONAL = Family(
    suffix="new-optional-{place}",
    request="info",
    response="info",
    text="{name} was added and is optional",
    places=_SENT,
)
FAMILIES = (REMOVED, NEW_REQUIRED, NEW_REQUIRED_WITH_DEFAULT, NEW_OPTIONAL)

_WORDS = ("required", "optional", "required-write-only", "optional-write-only")
IN_RESPONSES = {
    (word, change): Rule(
        id=f"response-{word}-property-{change}",
        level="info",
        text=f"the {word.replace('-', ' ', 1)} {{name}} was {change}",
    )
    for word in _WORDS
    for change in ("added", "removed")
} | {
    ("required", "removed"): Rule(
        id="response-required-property-removed",
        level="error",
        text="the required {name} was removed",
    ),
    ("optional", "removed"): Rule(
        id="response-optional-property-removed",
        level="warning",
        text="the optional {name} was removed",
    ),
}
RULES = tuple(IN_RESPONSES.values())


def check(site: SchemaSite) -> Iterator[Finding]:
    """Report properties that only one side has."""
    old, new = site.base_properties, site.head_properties
    for name in sorted(old.keys() - new.keys()):
        yield from _removed(site, name)
    for name in sorted(new.keys() - old.keys()):
        yield from _added(site, name)


def _removed(site: SchemaSite, name: str) -> Iterator[Finding]:
    if not site.is_request:
        yield _in_response(site, name, "removed", required=name in site.base_required)
    else:
        yield REMOVED.of_property(site, name)


def _added(site: SchemaSite, name: str) -> Iterator[Finding]:
    required = name in site.head_required
    if not site.is_request:
        yield _in_response(site, name, "added", required=required)
    elif not required:
        yield NEW_OPTIONAL.of_property(site, name)
    elif "default" in site.head_properties[name]:
        yield NEW_REQUIRED_WITH_DEFAULT.of_property(site, name)
    else:
        yield NEW_REQUIRED.of_property(site, name)


def _in_response(site: SchemaSite, name: str, change: str, *, required: bool) -> Finding:
    word = "required" if required else "optional"
    if site.hides(name):
        word += "-write-only"
    return IN_RESPONSES[word, change].found(site.part_of(name), name=f"property `{name}`")
