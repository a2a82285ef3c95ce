"""`impact.sources.paths`: what a path leads to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, get_resolver, include, path

from cdds_django.impact.code.tree import ABSENT, SourceTree
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import Dependency
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.paths import Paths

Put = Callable[[list[Any]], None]


def page(request: Any, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


def other(request: Any, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


@pytest.fixture
def fingerprint(tmp_path: Path) -> Callable[[str], str]:
    """A function that returns what a path leads to."""
    project = Project(tree=SourceTree(tmp_path, (tmp_path,)), operations={})
    return lambda key: Paths().fingerprints([key], project)[key]


BEFORE = [
    path("orders/", page, name="orders"),
    path("orders/<int:pk>/", page),
    path("<str:version>/orders/<int:pk>/", page),
]


@pytest.mark.parametrize(
    "now",
    [
        [*BEFORE, path("more/", other)],
        [path("more/", other), *BEFORE],
        [*BEFORE, path("orders/", other)],
    ],
    ids=["added", "added-before", "shadowed-itself"],
)
def test_leads_where_it_did(with_urls: Put, fingerprint: Any, now: list[Any]) -> None:
    with_urls(BEFORE)
    before = fingerprint("||/orders/")
    with_urls(now)

    assert fingerprint("||/orders/") == before


@pytest.mark.parametrize(
    "now",
    [
        [path("orders/", other), *BEFORE],
        [path("orders/", other, name="orders")],
        [path("orders/", page, {"x": 1}, name="orders")],
        [path("orders/", page, name="other")],
        [path("", include(([path("orders/", page, name="orders")], "shop")))],
        [],
    ],
    ids=["taken", "another-view", "argument", "name", "namespace", "gone"],
)
def test_leads_elsewhere(with_urls: Put, fingerprint: Any, now: list[Any]) -> None:
    with_urls(BEFORE)
    before = fingerprint("||/orders/")
    with_urls(now)

    assert fingerprint("||/orders/") != before


def test_what_was_looked_for_in_vain(with_urls: Put, fingerprint: Any) -> None:
    with_urls(BEFORE)

    assert fingerprint("||/nowhere/") == ABSENT


@pytest.fixture
def noted(tmp_path: Path, with_urls: Put) -> Callable[[str], frozenset[Dependency]]:
    """A function that returns what resolving paths notes."""

    def noted(*paths: str) -> frozenset[Dependency]:
        with_urls(BEFORE)
        recorder = Recorder(SourceTree(tmp_path, (tmp_path,)), (Paths(),))
        recorder.start()
        recorder.take()
        for name in paths:
            try:
                get_resolver().resolve(name)
            except Resolver404:
                continue
        found = recorder.take()
        recorder.stop()
        return frozenset(d for d in found if d.kind == "path")

    return noted


def test_paths_that_differ_by_ids_are_one(noted: Any) -> None:
    assert len(noted("/orders/1/", "/orders/2/", "/orders/")) == 2


def test_versions_of_an_api_are_no_ids(noted: Any) -> None:
    """A route may be added for one of them."""
    versions = ["/v1/orders/1/", "/v2/orders/1/", "/1.0/orders/1/", "/1.1/orders/1/"]

    assert len(noted(*versions, "/v1/orders/2/", "/1.0/orders/2/")) == 4


def test_path_in_vain_is_noted(noted: Any) -> None:
    assert noted("/nowhere/") == {Dependency("path", "||/nowhere/")}
