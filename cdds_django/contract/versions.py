"""What a change asks of a version (semver.org, 2.0.0)."""

from __future__ import annotations

import re
from typing import Literal

from cdds_django.contract.changes import Diff

Advice = Literal["major", "minor", "patch", "none"]

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?")


def parsed(version: str) -> tuple[int, int, int] | None:
    """Return the three numbers of a semantic version, None for anything else."""
    match = _VERSION.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def advice_on(diff: Diff) -> Advice:
    """Return which number of the version a change asks to raise.

    A break that was approved of is a break all the same.
    """
    if any(change.level == "error" for change in diff.changes):
        return "major"
    if diff.affected:
        return "minor"
    return "patch" if diff.changes else "none"


def next_version(version: str, advice: Advice) -> str:
    """Return the version that follows `version`, empty where that is no semantic version.

    Below 1.0.0 the second number plays the first one's part (semver.org, item 4 and FAQ).
    """
    numbers = parsed(version)
    if numbers is None:
        return ""
    major, minor, patch = numbers
    if advice == "none":
        return version
    if advice == "major" and major:
        return f"{major + 1}.0.0"
    if advice == "major" or (advice == "minor" and major):
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"
