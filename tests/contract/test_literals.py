"""One text for one JSON value."""

from __future__ import annotations

import pytest

from cdds_django.contract.literals import literal, settled, sorted_literals, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (1.5, "1.5"),
        (True, "true"),
        (-9223372036854775808, "-9223372036854775808"),
        ({"b": [2.0], "a": None}, '{"a":null,"b":[2]}'),
        ({"$ref": "x"}, '{"\\\\$ref":"x"}'),
        ("é", '"\\u00e9"'),
    ],
)
def test_text(value, text):
    assert text_of(literal(value)) == text


def test_mixed_values_are_sorted_and_distinct():
    assert sorted_literals(["b", 1, None, 1.0, True, "b"]) == ["b", 1, None, True]


def test_lists_in_documentation_have_one_order():
    assert settled("Kind.\n\n* `b` - B\n* `a` - A\n\nMore.\n* z\n* y") == (
        "Kind.\n\n* `a` - A\n* `b` - B\n\nMore.\n* y\n* z"
    )
    assert settled("one\n* two\n") == "one\n* two\n"
    assert settled(5) == 5
