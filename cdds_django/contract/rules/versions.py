"""`info.version`, read as a semantic version (semver.org, 2.0.0) where it is one."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import DocumentSite
from cdds_django.contract.versions import parsed

DECREASED = Rule(
    id="api-version-decreased",
    level="info",
    text="the version went back from {old} to {new}, though something broke",
)
NOT_BUMPED = Rule(
    id="api-major-version-not-bumped",
    level="info",
    text="something broke, and the version went from {old} to {new} only",
)
RULES = (DECREASED, NOT_BUMPED)


def check(site: DocumentSite, *, breaking: bool) -> Iterator[Finding]:
    """Report a version that changed and doesn't say what the change is.

    A version that stays says nothing: most documents never change theirs.
    """
    old, new = site.base.document.version, site.head.document.version
    before, after = parsed(old), parsed(new)
    if not breaking or before is None or after is None or before == after:
        return
    if after < before:
        yield DECREASED.found("#/info/version", old=old, new=new)
    # Below 1.0.0 the second number plays the first one's part.
    elif after[:2] == before[:2] or (before[0] == after[0] and before[0] > 0):
        yield NOT_BUMPED.found("#/info/version", old=old, new=new)
