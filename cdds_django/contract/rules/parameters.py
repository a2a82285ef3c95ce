"""Parameters that came, went, or became required or optional."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.lifecycle import SUNSET, sunset_of
from cdds_django.contract.literals import JsonObject
from cdds_django.contract.references import escaped
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

NEW_REQUIRED = Rule(
    id="new-required-request-parameter", level="error", text="the required {name} was added"
)
NEW_OPTIONAL = Rule(
    id="new-optional-request-parameter", level="info", text="the optional {name} was added"
)
NEW_IN_PATH = Rule(id="new-request-path-parameter", level="error", text="the {name} was added")
REMOVED = Rule(id="request-parameter-removed", level="warning", text="the {name} was removed")
REMOVED_AFTER_DEPRECATION = Rule(
    id="request-parameter-removed-with-deprecation",
    level="info",
    text="the {name} was removed, after it had been deprecated",
)
REMOVED_BEFORE_SUNSET = Rule(
    id="request-parameter-removed-before-sunset",
    level="error",
    text="the {name} was removed, though it was to stay until {old}",
)
REQUIRED = Rule(
    id="request-parameter-became-required", level="error", text="the {name} became required"
)
OPTIONAL = Rule(
    id="request-parameter-became-optional", level="info", text="the {name} became optional"
)
RULES = (
    NEW_REQUIRED,
    NEW_OPTIONAL,
    NEW_IN_PATH,
    REMOVED,
    REMOVED_AFTER_DEPRECATION,
    REMOVED_BEFORE_SUNSET,
    REQUIRED,
    OPTIONAL,
)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report parameters by place and name."""
    old, new = (row.request.get("parameters", {}) for row in (site.base, site.head))
    for key in sorted(old.keys() | new.keys()):
        place, name = key.split(" ", 1)
        words = {"name": f"{place} parameter `{name}`"}
        part = f"/request/parameters/{escaped(key)}"
        if key not in new:
            yield _removed(site, old[key]).found(part, **words, old=old[key].get(SUNSET))
        elif key not in old:
            yield _added(place, new[key]).found(part, **words)
        elif bool(old[key].get("required")) != bool(new[key].get("required")):
            yield (REQUIRED if new[key].get("required") else OPTIONAL).found(part, **words)


def _added(place: str, form: JsonObject) -> Rule:
    if place == "path":
        return NEW_IN_PATH
    return NEW_REQUIRED if form.get("required") else NEW_OPTIONAL


def _removed(site: OperationSite, form: JsonObject) -> Rule:
    if not form.get("deprecated"):
        return REMOVED
    sunset = sunset_of(form)
    before = sunset is not None and site.documents.today < sunset
    return REMOVED_BEFORE_SUNSET if before else REMOVED_AFTER_DEPRECATION
