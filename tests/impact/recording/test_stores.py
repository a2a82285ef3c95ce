"""`impact.stores`: what a function changes that may outlive the call."""

from __future__ import annotations

from textwrap import dedent
from types import CodeType
from typing import Any

import pytest

from cdds_django.impact.recording.stores import Store, stores


def code_of(body: str, signature: str = "self, value, key") -> CodeType:
    namespace: dict[str, Any] = {}
    source = f"def function({signature}):\n" + dedent(body).strip().replace("\n", "\n    ")
    exec(source.replace(":\n", ":\n    ", 1), namespace)
    return namespace["function"].__code__


@pytest.mark.parametrize(
    ("body", "store"),
    [
        ("global x\nx = 1", Store(scope="global", chain=("x",), is_whole_name=True)),
        ("Config.x = value", Store(scope="global", chain=("Config",), attribute="x")),
        ("Config.n += 1", Store(scope="global", chain=("Config",), attribute="n")),
        ("cache[key] = value", Store(scope="global", chain=("cache",))),
        ("cache[len(key) + 1] = value", Store(scope="global", chain=("cache",))),
        ("mod.cache.update(value)", Store(scope="global", chain=("mod", "cache"))),
        ("items.append(value)", Store(scope="global", chain=("items",))),
        ("self.x = value", Store(scope="local", chain=("self",), attribute="x")),
        ("self.cache[key] = value", Store(scope="local", chain=("self", "cache"))),
    ],
)
def test_store(body: str, store: Store) -> None:
    assert stores(code_of(body)) == [store]


@pytest.mark.parametrize(
    "body",
    ["x = 1", "return cache[key]", "del cache[key]", "Item.objects.filter(x=1).update(x=2)"],
)
def test_nothing_is_stored(body: str) -> None:
    assert stores(code_of(body)) == []


@pytest.mark.parametrize("body", ["nonlocal kept; kept = 1", "kept.append(1)", "kept[0] = 1"])
def test_variable_of_an_enclosing_function(body: str) -> None:
    namespace: dict[str, Any] = {}
    source = (
        f"def make():\n    kept = []\n    def function():\n        {body}\n    return function\n"
    )
    exec(source, namespace)

    (store,) = stores(namespace["make"]().__code__)

    assert (store.scope, store.chain) == ("free", ("kept",))
