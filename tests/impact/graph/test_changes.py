"""`impact.graph.changes`: what differs between two versions of a module."""

from __future__ import annotations

import pytest

from cdds_django.impact.code.symbols import cut
from cdds_django.impact.graph.changes import differences, everything

BEFORE = (
    "import a\nLIMIT = 1\n\n\nclass Order:\n    total = f()\n    rows = g()\n\n\nregister(Order)\n"
)


def of(before: str, now: str) -> set[tuple[str, str]]:
    found = differences("shop.py", cut(before, module="shop"), cut(now, module="shop"))
    return {(change.key, change.change) for change in found}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("LIMIT = 1", "LIMIT = 2", {("LIMIT", "changed")}),
        ("LIMIT = 1\n", "", {("LIMIT", "removed")}),
        ("LIMIT = 1", "LIMIT = 1\nMORE = 1", {("MORE", "added")}),
        ("total = f()", "total = h()", {("Order.total", "changed")}),
        ("    total = f()\n", "", {("Order.total", "removed")}),
        (
            "total = f()\n    rows = g()",
            "rows = g()\n    total = f()",
            {("Order.<order>", "changed")},
        ),
        ("register(Order)", "register(Order, 1)", {("<register>", "changed")}),
        ("import a", "import a  # why", set()),
    ],
)
def test_differences(old: str, new: str, found: set[tuple[str, str]]) -> None:
    assert of(BEFORE, BEFORE.replace(old, new)) == found


def test_effects_that_change_places() -> None:
    assert of("f(1)\ng(2)\n", "g(2)\nf(1)\n") == {("<f>", "moved"), ("<g>", "moved")}


def test_everything() -> None:
    found = everything("shop.py", cut(BEFORE, module="shop"), "added")

    assert {change.change for change in found} == {"added"}


def test_versions_and_names() -> None:
    (change,) = differences(
        "shop.py",
        cut("class A:\n    x = 1\n", module="shop"),
        cut("class A:\n    x = 2\n", module="shop"),
    )

    assert (change.top, str(change), change.is_effect) == ("A", "shop.py::A.x", False)
    assert len(change.versions) == 2
