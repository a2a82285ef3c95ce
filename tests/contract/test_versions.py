"""What a change asks of a version."""

from __future__ import annotations

import pytest

from cdds_django.contract.changes import Change, Diff
from cdds_django.contract.versions import advice_on, next_version, parsed


def found(*levels, affected=()):
    changes = tuple(
        Change(
            id="x",
            level=level,
            operation="",
            operation_id="",
            pointer="",
            text="",
            cause="",
            operations=(),
            fingerprint="",
            approved="Agreed.",
        )
        for level in levels
    )
    return Diff(changes=changes, added=(), removed=(), changed=(), affected=affected)


@pytest.mark.parametrize(
    ("diff", "advice"),
    [
        (found(), "none"),
        (found("info"), "patch"),
        (found("info", affected=("a",)), "minor"),
        (found("warning", affected=("a",)), "minor"),
        (found("error", affected=("a",)), "major"),
    ],
)
def test_advice(diff, advice):
    assert advice_on(diff) == advice


@pytest.mark.parametrize(
    ("version", "advice", "following"),
    [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "none", "1.2.3"),
        ("0.2.3", "major", "0.3.0"),
        ("0.2.3", "minor", "0.2.4"),
        ("v1.2.3-rc.1", "major", "2.0.0"),
        ("2026-01", "major", ""),
        ("", "major", ""),
    ],
)
def test_next_version(version, advice, following):
    assert next_version(version, advice) == following


def test_parsed():
    assert parsed("1.2.3+build.7") == (1, 2, 3)
    assert parsed("1.2") is None
