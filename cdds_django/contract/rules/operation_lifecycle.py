"""An operation's announced end, and how far it can be relied on."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.lifecycle import STABILITY, SUNSET, rank_of, sunset_of
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

DEPRECATED = Rule(id="endpoint-deprecated", level="info", text="the operation was deprecated")
WITH_SUNSET = Rule(
    id="endpoint-deprecated-with-sunset",
    level="info",
    text="the operation was deprecated; it will be there until {new}",
)
INVALID_SUNSET = Rule(
    id="api-deprecated-sunset-parse",
    level="error",
    text="the operation was deprecated, with {new} for a date",
)
REACTIVATED = Rule(
    id="endpoint-reactivated", level="info", text="the operation is no longer deprecated"
)
SUNSET_DELETED = Rule(
    id="sunset-deleted",
    level="error",
    text="the operation is still deprecated, and no longer said to stay until {old}",
)
SUNSET_EARLIER = Rule(
    id="api-sunset-date-changed-too-small",
    level="error",
    text="the operation was to stay until {old}, and is now to stay until {new} only",
)
SUNSET_LATER = Rule(
    id="api-sunset-date-changed",
    level="info",
    text="the operation was to stay until {old}, and is now to stay until {new}",
)
SUNSET_UNREADABLE = Rule(
    id="api-path-sunset-parse",
    level="error",
    text="{name} was to stay until {old}, or is now, and that is no date",
)
INVALID_STABILITY = Rule(
    id="api-invalid-stability-level",
    level="error",
    text="`x-stability-level` changed from {old} to {new}; it is draft, alpha, beta or stable",
)
LESS_STABLE = Rule(
    id="api-stability-decreased",
    level="error",
    text="the operation is less stable than before: {new}",
)
MORE_STABLE = Rule(
    id="api-stability-increased",
    level="info",
    text="the operation is more stable than before: {new}",
)
RULES = (
    DEPRECATED,
    WITH_SUNSET,
    INVALID_SUNSET,
    REACTIVATED,
    SUNSET_DELETED,
    SUNSET_EARLIER,
    SUNSET_LATER,
    SUNSET_UNREADABLE,
    INVALID_STABILITY,
    LESS_STABLE,
    MORE_STABLE,
)

_PART = "/lifecycle"


def check(site: OperationSite) -> Iterator[Finding]:
    """Report what an operation announces about its own future."""
    old, new = site.base.lifecycle, site.head.lifecycle
    if old.get("deprecated") and not new.get("deprecated"):
        yield REACTIVATED.found(_PART)
    elif new.get("deprecated") and not old.get("deprecated"):
        yield _deprecated(new.get(SUNSET), valid=sunset_of(new) is not None)
    elif new.get("deprecated"):
        yield from _moved(site)
    yield from _stability(site)


def _deprecated(written: object, *, valid: bool) -> Finding:
    if written is None:
        return DEPRECATED.found(_PART)
    return (WITH_SUNSET if valid else INVALID_SUNSET).found(_PART, new=written)


def _moved(site: OperationSite) -> Iterator[Finding]:
    old, new = site.base.lifecycle, site.head.lifecycle
    words = {"old": old.get(SUNSET), "new": new.get(SUNSET)}
    if words["old"] == words["new"] or words["old"] is None:
        return
    if words["new"] is None:
        yield SUNSET_DELETED.found(_PART, **words)
        return
    before, after = sunset_of(old), sunset_of(new)
    if before is None or after is None:
        written = words["old"] if before is None else words["new"]
        yield SUNSET_UNREADABLE.found(_PART, name="the operation", old=written)
    elif before != after:
        yield (SUNSET_EARLIER if after < before else SUNSET_LATER).found(_PART, **words)


def _stability(site: OperationSite) -> Iterator[Finding]:
    old, new = site.base.lifecycle, site.head.lifecycle
    words = {"old": old.get(STABILITY, "none"), "new": new.get(STABILITY, "none")}
    if words["old"] == words["new"]:
        return
    before, after = rank_of(old), rank_of(new)
    if before is None or after is None:
        yield INVALID_STABILITY.found(_PART, **words)
    elif before != after:
        yield (LESS_STABLE if after < before else MORE_STABLE).found(_PART, **words)
