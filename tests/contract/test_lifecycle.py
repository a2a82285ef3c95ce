"""Announced ends and stability."""

from __future__ import annotations

from datetime import date

import pytest

from cdds_django.contract.lifecycle import is_promised, rank_of, sunset_of


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2030-01-31", date(2030, 1, 31)),
        ("2030-01-31T12:00:00Z", date(2030, 1, 31)),
        ("2030-01-31 or so", None),
        ("soon", None),
        (20300131, None),
        (None, None),
    ],
)
def test_sunset(written, day):
    assert sunset_of({"x-sunset": written}) == day


def test_what_says_nothing_is_stable():
    assert rank_of({}) == rank_of({"x-stability-level": "stable"}) == 3
    assert rank_of({"x-stability-level": "granite"}) is None


@pytest.mark.parametrize(
    ("level", "promised"), [("draft", False), ("alpha", False), ("beta", True), ("granite", True)]
)
def test_promised(level, promised):
    assert is_promised({"x-stability-level": level}) == promised
