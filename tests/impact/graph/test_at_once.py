"""`impact.graph.at_once`: what of a decorator runs while the project is imported."""

from __future__ import annotations

from typing import Any

import pytest

GUARDS = """\
from functools import wraps
from shop.kept import ENTRIES
from shop.models import Order
def guarded(view):
    {at_once}
    @wraps(view)
    def wrapper(*args):
        ENTRIES.append(Order.of(args))
        return view(*args)
    return wrapper
"""
VIEWS = "from shop.guards import guarded\n{decorator}def show(): pass\n{rest}"
OTHERS = {
    "shop/kept.py": "ENTRIES = []\ndef entries():\n    return ENTRIES\n",
    "shop/models.py": "class Order:\n    limit = 1\ndef count():\n    return Order.limit\n",
}
WRAPPED = frozenset({"shop/guards.py::guarded"})


def _graph(graph: Any, *, at_once: str = "", rest: str = "", **before: str) -> Any:
    sources = {
        **OTHERS,
        "shop/guards.py": GUARDS.format(at_once=at_once),
        "shop/views.py": VIEWS.format(decorator="@guarded\n", rest=rest),
    }
    return graph(sources, before={f"shop/{name}.py": text for name, text in before.items()})


def test_decorator_that_comes_puts_nothing_into_what_its_wrapper_names(graph: Any) -> None:
    without = VIEWS.format(decorator="", rest="")
    reached = _graph(graph, views=without).reach()
    assert "shop/views.py::show" in map(str, reached.symbols)
    assert not reached.functions.keys() & {"shop/kept.py::entries", "shop/models.py::count"}


def test_what_the_decorator_does_itself_is_followed(graph: Any) -> None:
    without = VIEWS.format(decorator="", rest="")
    reached = _graph(graph, at_once="ENTRIES.append(view)", views=without).reach()
    assert "shop/kept.py::entries" in reached.functions
    assert "shop/models.py::count" not in reached.functions


def test_decorated_function_that_ran_at_import_may_have_filled_all_of_it(graph: Any) -> None:
    without = VIEWS.format(decorator="", rest="")
    ran = frozenset({"shop/views.py::show"})
    reached = _graph(graph, views=without).reach(run_at_import=ran)
    assert "shop/kept.py::entries" in reached.functions


def test_wrapper_concerns_who_ran_it_not_all_that_are_wrapped(graph: Any) -> None:
    models = OTHERS["shop/models.py"].replace("limit = 1", "limit = 2")
    reached = _graph(graph, models=models).reach(run_at_import=WRAPPED)
    assert "shop/guards.py::guarded" in reached.functions
    assert "shop/views.py::show" not in map(str, reached.symbols)


@pytest.mark.parametrize(
    ("at_once", "rest"),
    [
        pytest.param("Order.limit", "", id="asked-at-once"),
        pytest.param("", "other = guarded(len)\n", id="called-in-a-statement"),
        pytest.param("", "guarded(len)()\n", id="wrapper-called"),
    ],
)
def test_what_may_run_at_import_is_followed(graph: Any, at_once: str, rest: str) -> None:
    models = OTHERS["shop/models.py"].replace("limit = 1", "limit = 2")
    reached = _graph(graph, at_once=at_once, rest=rest, models=models).reach(run_at_import=WRAPPED)
    assert "shop/views.py::show" in map(str, reached.symbols)


@pytest.mark.parametrize(("at_once", "is_known"), [("view", True), ("plugins.add(view)", False)])
def test_what_a_changed_decorator_may_hand_over(graph: Any, at_once: str, is_known: bool) -> None:
    source = GUARDS.format(at_once=at_once).replace("return view(", "return plugins.call(view)(")
    views = VIEWS.format(decorator="@guarded\n", rest="")
    graphed = graph(
        {**OTHERS, "shop/guards.py": f"import plugins\n{source}", "shop/views.py": views}
    )
    reached = graphed.run("shop/guards.py::guarded", run_at_import=WRAPPED)
    assert (reached.unknown is None) is is_known
