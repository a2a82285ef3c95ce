"""`impact.callbacks`: first-party code behind a view."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cdds_django.impact.code.callbacks import OPAQUE, describe

SOURCE = """
import functools
def page(request): return LIMIT
def other(request): pass
class View:
    @classmethod
    def as_view(cls, **kwargs):
        def view(request): return cls, kwargs
        return view
    def get(self): pass
class Wrapper:
    def __init__(self, function): self.function = function
    def __call__(self, request): return self.function(request)
def wrapped(function, amount=1):
    @functools.wraps(function)
    def inner(request): return function(request), amount
    return inner
class Schema:
    kept = 1
def made_of(function):
    '''As `rest_framework.decorators.api_view`.'''
    members = {"get": lambda self, request: function(request), "schema": Schema()}
    cls = type("Made", (object,), members)
    cls.__name__ = function.__name__
    cls.__module__ = function.__module__
    return View.as_view.__func__(cls)
"""


@pytest.fixture
def views(tmp_path: Path) -> Iterator[Any]:
    file = tmp_path / "views.py"
    file.write_text(SOURCE)
    module = sys.modules["views_looked_at"] = ModuleType("views_looked_at")
    module.__file__ = str(file)
    exec(compile(SOURCE, str(file), "exec"), vars(module))
    yield module
    del sys.modules["views_looked_at"]


def key_of(file: str) -> str | None:
    return "views.py" if file.endswith("views.py") else None


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda v: v.page, {"page"}),
        (lambda v: v.View.as_view(), {"View"}),
        (lambda v: v.View.as_view(inner=v.other), {"View", "other"}),
        (lambda v: v.View().get, {"View"}),
        (lambda v: v.wrapped(v.page), {"page"}),
        (lambda v: v.wrapped(v.View.as_view()), {"View"}),
        (lambda v: functools.partial(v.page, 1), {"page"}),
        (lambda v: v.Wrapper(v.page), {"Wrapper", "page"}),
        (lambda v: v.made_of(v.page), {"page"}),
    ],
    ids=[
        *("function", "class", "argument", "method", "wrapped", "wrapped-class", "partial"),
        *("object", "made"),
    ],
)
def test_symbols(views: Any, make: Callable[[Any], Any], names: set[str]) -> None:
    assert {f"views.py::{name}" for name in names} <= describe(make(views), key_of).symbols


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda v: v.page, lambda v: v.other),
        (lambda v: v.wrapped(v.page, 1), lambda v: v.wrapped(v.page, 2)),
        (lambda v: v.View.as_view(a=1), lambda v: v.View.as_view(a=2)),
        (lambda v: v.View.as_view(a=1), lambda v: v.View.as_view(b=1)),
    ],
    ids=["function", "closure", "value", "keyword"],
)
def test_descriptions_differ(views: Any, one: Any, other: Any) -> None:
    assert describe(one(views), key_of).description != describe(other(views), key_of).description


def test_descriptions_are_the_same_in_the_next_process(views: Any) -> None:
    one, other = (describe(views.View.as_view(a={"b", "c"}), key_of) for _ in range(2))

    assert one == other
    assert "0x" not in one.description


def test_objects_of_others_are_opaque(views: Any) -> None:
    class Dispatcher:
        def __init__(self, views: list[Any]) -> None:
            self.views = views

    found = describe(Dispatcher([views.page]), key_of).symbols

    assert found >= {OPAQUE, "views.py::page"}
