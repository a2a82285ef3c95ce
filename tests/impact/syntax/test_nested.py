"""`impact.syntax.nested`: functions that a function only gives away."""

from __future__ import annotations

import ast

import pytest

from cdds_django.impact.code.symbols import cut
from cdds_django.impact.syntax.nested import times_called

HEAD = """\
import functools
from functools import wraps
from shop import Log, Order, remember
"""


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        pytest.param(
            """
    Log.write(view)
    @wraps(view)
    def wrapper(*args):
        return Order.of(view(*args))
    wrapper.plain = view
    return wrapper
""",
            [{"Log.write", "wraps"}],
            id="wrapper",
        ),
        pytest.param(
            """
    def decorator(function):
        remember(function)
        @functools.wraps(function)
        def wrapper(*args):
            return Order.of(function(*args))
        return wrapper
    return decorator
""",
            [set(), {"remember", "functools.wraps"}],
            id="factory",
        ),
        pytest.param(
            """
    def add(function):
        remember(function)
        return function
    return add
""",
            [set()],
            id="registry",
        ),
        pytest.param(
            "    def wrapper():\n        Order()\n    wrapper()\n    return wrapper\n",
            [],
            id="called",
        ),
        pytest.param(
            "    def wrapper():\n        Order()\n    return remember(wrapper)\n",
            [],
            id="handed-on",
        ),
        pytest.param(
            "    @remember(view)\n    def wrapper():\n        Order()\n    return wrapper\n",
            [],
            id="decorated",
        ),
        pytest.param(
            "    def wrapper():\n        Order()\n    other = wrapper\n    return wrapper\n",
            [],
            id="another-name",
        ),
        pytest.param(
            "    def view():\n        Order()\n    return view\n", [], id="name-of-a-parameter"
        ),
        pytest.param(
            "    def wrapper():\n        Order()\n    locals()['wrapper']()\n    return wrapper\n",
            [],
            id="found-by-its-name",
        ),
        pytest.param(
            """
    class Kept:
        def wrapper():
            Order()
    return Kept
""",
            [],
            id="class",
        ),
        pytest.param("    Order()\n    return view\n", [], id="nothing-inside"),
    ],
)
def test_what_runs_at_once(body: str, levels: list[set[str]]) -> None:
    symbols = cut(f"{HEAD}\ndef guarded(view):\n{body.lstrip(chr(10))}", module="shop.guards")
    assert [set(found) for found in symbols.at_once.get("guarded", ())] == levels
    mentioned = set(symbols.mentions["guarded"])
    assert all(found < mentioned for found in levels)


def test_another_wraps_may_call_what_it_is_given() -> None:
    source = HEAD.replace("from functools import wraps", "from shop.tools import wraps")
    body = "    @wraps(view)\n    def wrapper():\n        Order()\n    return wrapper\n"
    assert not cut(f"{source}\ndef guarded(view):\n{body}", module="shop.guards").at_once


def test_functions_of_the_same_name_are_one() -> None:
    body = "def guarded(view):\n    def wrapper():\n        Order()\n    return wrapper\n"
    symbols = cut(f"{HEAD}\n{body}\n{body.replace('Order', 'Log')}", module="shop.guards")
    assert not symbols.at_once


@pytest.mark.parametrize(
    ("decorator", "times"),
    [("guarded", 1), ("guards.guarded", 1), ("allowed('GET')", 2), ("a(1)(2)", 3), ("a().b", 0)],
)
def test_how_often_a_decorator_calls(decorator: str, times: int) -> None:
    assert times_called(ast.parse(decorator, mode="eval").body) == times
