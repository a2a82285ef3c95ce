"""A parameter's announced end."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.lifecycle import SUNSET, sunset_of
from cdds_django.contract.literals import JsonObject
from cdds_django.contract.references import escaped
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

DEPRECATED = Rule(id="request-parameter-deprecated", level="info", text="the {name} was deprecated")
REACTIVATED = Rule(
    id="request-parameter-reactivated", level="info", text="the {name} is no longer deprecated"
)
SUNSET_DELETED = Rule(
    id="request-parameter-sunset-deleted",
    level="error",
    text="the {name} is still deprecated, and no longer said to stay until {old}",
)
SUNSET_EARLIER = Rule(
    id="request-parameter-sunset-date-changed-too-small",
    level="error",
    text="the {name} was to stay until {old}, and is now to stay until {new} only",
)
SUNSET_LATER = Rule(
    id="request-parameter-sunset-date-changed",
    level="info",
    text="the {name} was to stay until {old}, and is now to stay until {new}",
)
INVALID_SUNSET = Rule(
    id="request-parameter-sunset-parse",
    level="error",
    text="the end of the {name} changed from {old} to {new}, and one of them is no date",
)
RULES = (DEPRECATED, REACTIVATED, SUNSET_DELETED, SUNSET_EARLIER, SUNSET_LATER, INVALID_SUNSET)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report what parameters of both sides announce about their future."""
    old, new = (row.request.get("parameters", {}) for row in (site.base, site.head))
    for key in sorted(old.keys() & new.keys()):
        rule = _rule(old[key], new[key])
        if rule is not None:
            place, name = key.split(" ", 1)
            yield rule.found(
                f"/request/parameters/{escaped(key)}",
                name=f"{place} parameter `{name}`",
                old=old[key].get(SUNSET, "none"),
                new=new[key].get(SUNSET, "none"),
            )


def _rule(old: JsonObject, new: JsonObject) -> Rule | None:
    before, after = sunset_of(old), sunset_of(new)
    if old.get("deprecated") and not new.get("deprecated"):
        return REACTIVATED
    if new.get("deprecated") and not old.get("deprecated"):
        return INVALID_SUNSET if SUNSET in new and after is None else DEPRECATED
    if not new.get("deprecated") or old.get(SUNSET) == new.get(SUNSET):
        return None
    if SUNSET not in new:
        return SUNSET_DELETED
    if after is None or (before is None and SUNSET in old):
        return INVALID_SUNSET
    return SUNSET_EARLIER if before is not None and after < before else SUNSET_LATER
