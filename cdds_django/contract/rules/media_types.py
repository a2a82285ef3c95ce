"""Media types of bodies, whether they have a schema, and how forms are encoded."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding, Level
from cdds_django.contract.literals import JsonObject, text_of
from cdds_django.contract.media_types import is_same_kind, parameters_of, renamed
from cdds_django.contract.references import escaped
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite


def _rule(name: str, level: Level, text: str) -> Rule:
    return Rule(id=name, level=level, text=text)


REQUEST_ADDED = _rule("request-body-media-type-added", "info", "{name} may be `{value}` now")
REQUEST_REMOVED = _rule(
    "request-body-media-type-removed", "error", "{name} can't be `{value}` any more"
)
RESPONSE_ADDED = _rule("response-media-type-added", "info", "{name} may be `{value}` now")
RESPONSE_REMOVED = _rule(
    "response-media-type-removed", "error", "{name} can't be `{value}` any more"
)
NAME_CHANGED = _rule(
    "response-media-type-name-changed", "info", "{name} is `{value}` now, no longer `{old}`"
)
NAME_GENERALIZED = _rule(
    "response-media-type-name-generalized",
    "error",
    "{name} is `{value}` now, which is less than `{old}` said",
)
NAME_SPECIALIZED = _rule(
    "response-media-type-name-specialized",
    "info",
    "{name} is `{value}` now, which is more than `{old}` said",
)
REQUEST_SCHEMA_ADDED = _rule(
    "request-body-media-type-schema-added", "error", "{name} has to follow a schema now"
)
REQUEST_SCHEMA_REMOVED = _rule(
    "request-body-media-type-schema-removed", "info", "{name} need not follow a schema any more"
)
RESPONSE_SCHEMA_ADDED = _rule(
    "response-body-media-type-schema-added", "info", "{name} follows a schema now"
)
RESPONSE_SCHEMA_REMOVED = _rule(
    "response-body-media-type-schema-removed", "warning", "{name} follows no schema any more"
)
ENCODING = _rule(
    "request-body-encoding-changed",
    "warning",
    "{name} is encoded otherwise: {new}, and before {old}",
)
RULES = (
    REQUEST_ADDED,
    REQUEST_REMOVED,
    RESPONSE_ADDED,
    RESPONSE_REMOVED,
    NAME_CHANGED,
    NAME_GENERALIZED,
    NAME_SPECIALIZED,
    REQUEST_SCHEMA_ADDED,
    REQUEST_SCHEMA_REMOVED,
    RESPONSE_SCHEMA_ADDED,
    RESPONSE_SCHEMA_REMOVED,
    ENCODING,
)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report the media types of the request's and the responses' bodies."""
    old, new = (row.request.get("body", {}) for row in (site.base, site.head))
    if old and new:
        yield from _request(old.get("content", {}), new.get("content", {}))
    before, after = site.base.responses, site.head.responses
    for status in sorted(before.keys() & after.keys()):
        contents = (form[status].get("content", {}) for form in (before, after))
        yield from _response(status, *contents)


def _request(old: JsonObject, new: JsonObject) -> Iterator[Finding]:
    name, part = "the request body", "/request/body"
    for value in sorted(old.keys() - new.keys()):
        yield REQUEST_REMOVED.found(f"{part}/{escaped(value)}", name=name, value=value)
    for value in sorted(new.keys() - old.keys()):
        yield REQUEST_ADDED.found(f"{part}/{escaped(value)}", name=name, value=value)
    for value in sorted(old.keys() & new.keys()):
        place = f"{part}/{escaped(value)}"
        if ("schema" in old[value]) != ("schema" in new[value]):
            rule = REQUEST_SCHEMA_ADDED if "schema" in new[value] else REQUEST_SCHEMA_REMOVED
            yield rule.found(place, name=name)
        before, after = (text_of(form[value].get("encoding", {})) for form in (old, new))
        if before != after:
            yield ENCODING.found(place, name=name, old=before, new=after)


def _response(status: str, old: JsonObject, new: JsonObject) -> Iterator[Finding]:
    name, part = f"the {status} response", f"/responses/{status}"
    pairs = renamed(sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys()))
    for before, after in pairs.items():
        place = f"{part}/{escaped(after)}"
        yield _renaming(before, after).found(place, name=name, old=before, value=after)
    for value in sorted(old.keys() - new.keys() - pairs.keys()):
        yield RESPONSE_REMOVED.found(f"{part}/{escaped(value)}", name=name, value=value)
    for value in sorted(new.keys() - old.keys() - set(pairs.values())):
        yield RESPONSE_ADDED.found(f"{part}/{escaped(value)}", name=name, value=value)
    for value in sorted(old.keys() & new.keys()):
        if ("schema" in old[value]) != ("schema" in new[value]):
            rule = RESPONSE_SCHEMA_ADDED if "schema" in new[value] else RESPONSE_SCHEMA_REMOVED
            yield rule.found(f"{part}/{escaped(value)}", name=name)


def _renaming(old: str, new: str) -> Rule:
    if parameters_of(old) != parameters_of(new):
        return NAME_CHANGED
    # Who reads application/json reads application/problem+json too.
    return NAME_SPECIALIZED if is_same_kind(new, old) else NAME_GENERALIZED
