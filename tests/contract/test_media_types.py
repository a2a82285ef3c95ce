"""Names of media types."""

from __future__ import annotations

import pytest

from cdds_django.contract.media_types import is_same_kind, is_text, renamed


@pytest.mark.parametrize(
    ("special", "general", "same"),
    [
        ("application/problem+json", "application/json", True),
        ("application/json", "application/problem+json", False),
        ("application/json; charset=utf-8", "application/json", True),
        ("image/svg+xml", "application/xml", False),
        ("text/csv", "text/plain", False),
    ],
)
def test_is_same_kind(special, general, same):
    assert is_same_kind(special, general) == same


def test_each_name_becomes_one_other():
    gone, new = ["application/json"], ["application/a+json", "application/b+json", "text/csv"]
    assert renamed(gone, new) == {"application/json": "application/a+json"}
    assert renamed(["text/csv"], ["application/json"]) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("application/json", False),
        ("application/problem+json; q=1", False),
        ("application/xml", True),
        ("multipart/form-data", True),
    ],
)
def test_is_text(name, text):
    assert is_text(name) == text
