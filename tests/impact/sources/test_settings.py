"""`impact.sources.settings`: values written so that equal ones are written alike."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cdds_django.impact.sources.settings import plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"x", "y", "z"}, {"z", "y", "x"}),
        ([1, (2, 3)], (1, [2, 3])),
        (object(), object()),
        ([re.compile("a")], [re.compile("a")]),
    ],
)
def test_equal(one: Any, other: Any) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, "1"),
        ([1, 2], [2, 1]),
        (None, "None"),
        (Path("a"), "a"),
        (re.compile("a"), re.compile("b")),
        (len, max),
        (int, str),
    ],
)
def test_different(one: Any, other: Any) -> None:
    assert plain(one) != plain(other)
