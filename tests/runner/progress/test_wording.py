"""Times and names as people read them."""

from __future__ import annotations

import pytest

from cdds_django.runner.progress.wording import about, clock, shortened, took


@pytest.mark.parametrize(
    ("seconds", "text"), [(7.9, "0:07"), (750, "12:30"), (3723, "1:02:03"), (0, "0:00")]
)
def test_clock(seconds, text):
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.2, "about 1 s left"),
        (12.4, "about 12 s left"),
        (43, "about 45 s left"),
        (89, "about 90 s left"),
        (240, "about 4 min left"),
        (7200, "about 2.0 h left"),
    ],
)
def test_about(seconds, text):
    assert about(seconds) == text


def test_took():
    assert took(3.44) == "3.4 s"
    assert took(125) == "2 min 5 s"


def test_names_keep_their_end():
    assert shortened("shop.tests.OrderTests", 40) == "shop.tests.OrderTests"
    assert shortened("shop.tests.OrderTests", 18) == "…tests.OrderTests"
    assert shortened("shop.tests.OrderTests", 12) == "…OrderTests"
    assert shortened("shop.tests.OrderTests", 6) == "…Tests"
    assert shortened("shop.tests.OrderTests", 1) == "…"
