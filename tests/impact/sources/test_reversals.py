"""`impact.sources.reversals`: names of URL patterns and the patterns that bear them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import include, path

from cdds_django.impact.code.tree import ABSENT, SourceTree
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.reversals import Reversals

Put = Callable[[list[Any]], None]


def page(request: Any) -> HttpResponse:
    return HttpResponse()


@pytest.fixture
def fingerprint(tmp_path: Path) -> Callable[[str], str]:
    """A function that returns the state of a name."""
    project = Project(tree=SourceTree(tmp_path, (tmp_path,)), operations={})
    return lambda key: Reversals().fingerprints([key], project)[key]


BEFORE = [path("orders/", page, name="orders"), path("more/", page, name="more")]


@pytest.mark.parametrize(
    ("now", "same"),
    [
        ([*BEFORE, path("new/", page, name="new")], True),
        ([path("bills/", page, name="orders")], False),
        ([*BEFORE, path("orders/<int:pk>/", page, name="orders")], False),
        ([path("v1/", include(BEFORE))], False),
        ([path("more/", page, name="more")], False),
    ],
    ids=["another", "path", "second", "prefix", "gone"],
)
def test_state(with_urls: Put, fingerprint: Any, now: list[Any], same: bool) -> None:
    with_urls(BEFORE)
    before = fingerprint("orders")
    with_urls(now)

    assert (fingerprint("orders") == before) is same


def test_name_that_nothing_bears(with_urls: Put, fingerprint: Any) -> None:
    with_urls(BEFORE)

    assert fingerprint("nothing") == ABSENT
