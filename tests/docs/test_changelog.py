"""The changelog has the form that it says it has, and knows the present version."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.version import Version

import cdds_django

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
# https://keepachangelog.com/en/1.1.0/
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_kinds_of_changes():
    kinds = re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE)
    assert kinds
    assert set(kinds) <= KINDS


def test_the_newest_comes_first():
    first, *released = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
    assert first == "[Unreleased]"
    versions = []
    for heading in released:
        dated = re.fullmatch(r"\[(\S+)\] - \d{4}-\d{2}-\d{2}", heading)
        assert dated, heading
        versions.append(Version(dated[1]))
    assert versions == sorted(versions, reverse=True)
    assert not versions or Version(cdds_django.__version__) >= versions[0]
