"""`impact.syntax.definitions`: what a module makes, piece by piece."""

from __future__ import annotations

from textwrap import dedent

import pytest

from cdds_django.impact.code.symbols import cut
from cdds_django.impact.syntax.definitions import Definition


def of(source: str) -> dict[str, Definition]:
    return cut(dedent(source), module="shop.models").definitions


def kinds(source: str) -> dict[str, str]:
    return {key: definition.kind for key, definition in of(source).items()}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 1", {"x": "literal"}),
        ("x = (1, -2, 'a' 'b')", {"x": "literal"}),
        ("x = [1]", {"x": "value"}),
        ("x += 1", {"x": "value"}),
        ("x: int = 1", {"x": "literal"}),
        ("x, (y) = f()", {"x": "value", "y": "value"}),
        ("import a.b", {"a": "import"}),
        ("from a import b as c", {"c": "import"}),
        ("def f(): pass", {"f": "function"}),
        ("f(1)", {"<f>": "effect"}),
        ("x.y = 1", {"<x.y>": "effect"}),
        ("x['a'] = 1", {"<x>": "effect"}),
        ("for i in a: f(i)", {"<f>": "effect", "i": "value"}),
        ("pass", {}),
        ("'''Doc.'''", {"__doc__": "literal"}),
        ("if DEBUG:\n    x = 1\nelse:\n    x = 2", {"x": "literal"}),
        ("try:\n    import a\nexcept ImportError:\n    a = None", {"a": "value"}),
        ("with f():\n    x = 1", {"x": "literal"}),
        ("if TYPE_CHECKING:\n    import a", {}),
        ("class A: pass", {"A": "class"}),
        ("import logging\nx = logging.getLogger('a')", {"logging": "import", "x": "literal"}),
        ("from re import compile as c\nx = c('a')", {"c": "import", "x": "literal"}),
        ("from unittest import skipIf\nx = skipIf(A, '')", {"skipIf": "import", "x": "literal"}),
        ("from shop import skipIf\nx = skipIf(A, '')", {"skipIf": "import", "x": "value"}),
        ("import re\nx = [re.compile('a')]", {"re": "import", "x": "value"}),
        ("import re\nx = re.compile('a').sub(f, b)", {"re": "import", "x": "value"}),
    ],
)
def test_kinds(source: str, found: dict[str, str]) -> None:
    assert kinds(source) == found


def test_class_is_cut_into_its_attributes() -> None:
    found = kinds(
        """
        class Order(Base, metaclass=Meta):
            '''Doc.'''
            total = 1
            class Meta:
                ordering = ["total"]
            def add(self): pass
        """
    )

    assert found == {
        "Order": "class",
        "Order.total": "literal",
        "Order.Meta": "value",
        "Order.add": "function",
        "Order.<order>": "value",
    }


def changed(before: str, after: str) -> set[str]:
    one, other = of(before), of(after)
    return {key for key in {*one, *other} if one.get(key) != other.get(key)}


ORDER = """
class Order(Base):
    total = Sum("a")
    rows = Rows()

    def add(self, count=1):
        return count
"""


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ('Sum("a")', 'Sum("b")', {"Order.total"}),
        ("count=1", "count=2", {"Order.add"}),
        ("return count", "return -count", set()),
        ("(Base)", "(Other)", {"Order"}),
        ("class Order", "@made\nclass Order", {"Order"}),
        (
            '    total = Sum("a")\n    rows = Rows()\n',
            '    rows = Rows()\n    total = Sum("a")\n',
            {"Order.<order>"},
        ),
        ("    rows = Rows()\n", "", {"Order.rows", "Order.<order>"}),
    ],
    ids=["attribute", "default", "body", "base", "decorator", "order", "removed"],
)
def test_changes_are_told_apart(old: str, new: str, keys: set[str]) -> None:
    assert changed(ORDER, ORDER.replace(old, new)) == keys


def test_condition_is_part_of_what_stands_under_it() -> None:
    assert changed("if A:\n    x = 1\ny = 1", "if B:\n    x = 1\ny = 1") == {"x"}


def test_decorators_and_bases_are_named() -> None:
    source = "import reg\n@reg.register(Order)\nclass A(reg.Base, metaclass=reg.Meta): pass"

    found = of(f"class Order: pass\n{source}")["A"]

    assert found.calls == ("reg.register",)
    assert set(found.bases) == {"reg.Base", "reg.Meta"}
    assert "Order" in found.mentions


def test_bodies_mention_apart_from_definitions() -> None:
    symbols = cut("LIMIT = 1\ndef f():\n    return LIMIT\n", module="shop")

    assert symbols.mentions == {"f": ("LIMIT",)}
    assert symbols.definitions["f"].mentions == ()


@pytest.mark.parametrize(
    ("source", "mentioned"),
    [
        ("def f(a: A) -> B: pass", set()),
        ("def get_f(a: A) -> B: pass", {"B"}),
        ("@property\ndef f(a: A) -> B: pass", {"B"}),
        ("@staticmethod\ndef f(a: A) -> B: pass", set()),
        ("@register\ndef f(a: A) -> B: pass", {"A", "B"}),
        ("@register\n@property\ndef f(a: A) -> B: pass", {"A", "B"}),
    ],
)
def test_annotations_that_somebody_may_read(source: str, mentioned: set[str]) -> None:
    found = cut(f"from c import A, B\n{source}", module="shop.models")
    (key,) = found.functions
    assert set(found.definitions[key].mentions) == mentioned
    assert set(found.hints[key]) == {"A", "B"}
    assert found.mentions[key] == ()


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("x = 1\ny = 2", "y = 2\nx = 1", True),
        ("f(1)\ng(2)", "g(2)\nf(1)", False),
        ("@r\ndef a(): pass\n@r\ndef b(): pass", "@r\ndef b(): pass\n@r\ndef a(): pass", False),
    ],
    ids=["assignments", "effects", "decorated"],
)
def test_order_counts_where_something_is_done(before: str, after: str, same: bool) -> None:
    one, other = (cut(source, module="shop").import_digest for source in (before, after))

    assert (one == other) is same


@pytest.mark.parametrize(
    ("body", "loads"),
    [
        ("from shop import signals", True),
        ('"""Say so."""\n        import shop.signals', True),
        ("pass", True),
        ("from shop import signals\n        signals.connect()", False),
        ("print()", False),
    ],
)
def test_function_that_does_nothing_but_import(body: str, loads: bool) -> None:
    source = f"class ShopConfig:\n    def ready(self):\n        {body}\n"

    assert cut(source, module="shop.apps").loaders == ({"ShopConfig.ready"} if loads else set())
