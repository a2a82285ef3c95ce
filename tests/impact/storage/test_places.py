"""`impact.places`: where a change of a dependency shows."""

from __future__ import annotations

import pytest

from cdds_django.impact.records import Dependency
from cdds_django.impact.storage.places import URLS, USES, place_of


@pytest.mark.parametrize(
    ("kind", "key", "place"),
    [
        ("code", "shop/views.py::View.get", "shop/views.py"),
        ("module", "shop/views.py", "shop/views.py"),
        ("loaded", "shop/views.py::make", "shop/views.py"),
        ("path", "||orders/", URLS),
        ("reversal", "orders", URLS),
        ("table", "shop_order", USES),
        ("symbol", "shop/views.py::View", USES),
        ("route", "GET orders/", USES),
        ("setting", "DEBUG", ""),
        ("file", "data.txt", ""),
    ],
)
def test_place(kind: str, key: str, place: str) -> None:
    assert place_of(Dependency(kind, key)) == place
