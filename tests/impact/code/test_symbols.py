"""`impact.symbols`: what counts as a change of a function, and what as one of its module."""

from __future__ import annotations

from textwrap import dedent

import pytest

from cdds_django.impact.code.symbols import Symbols, cut


def parts(source: str) -> Symbols:
    return cut(dedent(source), module="shop.models")


SOURCE = """
    import os

    LIMIT = 1

    def rate(value=1):
        "Doc."
        return value

    class Order:
        total = 1

        def add(self):
            return 1
    """


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 1", "LIMIT = 1  # a comment"),
        ("LIMIT = 1", "LIMIT = (\n        1\n    )"),
        ("import os", "import   os"),
        ("return 1", "return (1)"),
    ],
)
def test_layout_changes_nothing(old: str, new: str) -> None:
    assert parts(SOURCE.replace(old, new)) == parts(SOURCE)


@pytest.mark.parametrize(
    ("old", "new", "function"),
    [
        ("return value", "return -value", "rate"),
        ("return 1", "return True", "Order.add"),
        ("return 1", "return 1.0", "Order.add"),
        ("return 1", "def inner(): pass", "Order.add"),
    ],
)
def test_body_changes_its_function_alone(old: str, new: str, function: str) -> None:
    before, after = parts(SOURCE), parts(SOURCE.replace(old, new))

    assert after.import_digest == before.import_digest
    assert {n for n in before.functions if before.functions[n] != after.functions[n]} == {function}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 1", "LIMIT = 2"),
        ("LIMIT = 1", "LIMIT = True"),
        ("value=1", "value=2"),
        ("value=1", "value: int = 1"),
        ('"Doc."', '"Other."'),
        ("def rate", "async def rate"),
        ("def rate", "@decorated\n    def rate"),
        ("class Order:", "class Order(Base):"),
        ("total = 1", "total = 2"),
        ("def add", "def renamed"),
        ("LIMIT = 1", "LIMIT = lambda: 1"),
        ("import os", "import os, sys"),
    ],
)
def test_what_takes_effect_at_import_changes_the_module(old: str, new: str) -> None:
    assert parts(SOURCE.replace(old, new)).import_digest != parts(SOURCE).import_digest


def test_functions_of_one_name_are_one() -> None:
    found = parts(
        """
        class Order:
            @property
            def size(self): return 1
            @size.setter
            def size(self, value): self.value = value
        """
    )

    assert list(found.functions) == ["Order.size"]


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        ("import a.b", {"a.b"}),
        ("from a import b", {"a", "a.b"}),
        ("from . import b", {"shop", "shop.b"}),
        ("from .a import b", {"shop.a", "shop.a.b"}),
        ("def f():\n    import late", {"late"}),
    ],
)
def test_imports(source: str, imports: set[str]) -> None:
    assert set(cut(source, module="shop.models").imports) == imports


def test_relative_import_in_a_package() -> None:
    assert "shop.a" in cut("from . import a", module="shop", is_package=True).imports


def test_broken_source_is_an_error() -> None:
    with pytest.raises(SyntaxError):
        cut("def broken(:", module="shop")
