"""`impact.sources.routes`: recorded routes compared with a contract's paths."""

from __future__ import annotations

import pytest

from cdds_django.impact.sources.routes import shape_of_operation, shape_of_route


@pytest.mark.parametrize(
    ("route", "method", "path"),
    [
        ("GET api/events/<int:pk>/", "get", "/api/events/{id}/"),
        ("GET ^events/(?P<pk>[^/.]+)/$", "GET", "/events/{pk}/"),
        ("HEAD api/events/", "GET", "/api/events/"),
    ],
)
def test_route_has_the_shape_of_its_operation(route: str, method: str, path: str) -> None:
    assert shape_of_route(route) == shape_of_operation(method, path)


def test_methods_differ() -> None:
    assert shape_of_route("POST events/") != shape_of_operation("GET", "/events/")
