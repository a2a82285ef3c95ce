"""`impact.syntax.mentions`: the names in a piece of code that may lead somewhere."""

from __future__ import annotations

import ast

import pytest

from cdds_django.impact.syntax.mentions import (
    OWN_MODULE,
    SUBCLASSES,
    Scope,
    bound_names,
    called,
    imported_names,
    mentions,
)


def of(source: str, *, bound: str = "models views", star: bool = False) -> set[str]:
    scope = Scope(
        module="shop.api.views", is_package=False, bound=frozenset(bound.split()), has_star=star
    )
    return set(mentions(ast.parse(source).body, scope))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("models.Order", {"models.Order"}),
        ("models.Order.objects.all()", {"models.Order.objects.all"}),
        ("x = models", {"models"}),
        ("unbound.Order", set()),
        ("from shop.models import Order\nOrder()", {"::shop.models.Order", ":shop.models.Order"}),
        ("from . import models as m\nm.X", {"::shop.api.models", ":shop.api.models.X"}),
        ("from ..models import X", {"::shop.models.X"}),
        ("import shop.models\nshop.models.X", {"::shop.models", ":shop.models.X"}),
        ("x = 'shop.models.Order'", {"'shop.models.Order"}),
        ("x = 'shop.views:page'", {"'shop.views.page"}),
        ("x = f'shop.plugins.{name}'", {"'shop.plugins."}),
        ("x = 'Order'", {"'Order"}),
        ("x = 'some words'", set()),
        ("'shop.models.Order'", set()),
        ("x = 'models'", {"'models"}),
        ("x = globals()[name]", {OWN_MODULE}),
        ("getattr(sys.modules[__name__], name)", {OWN_MODULE}),
        ("models.Base.__subclasses__()", {"models.Base.__subclasses__", SUBCLASSES}),
    ],
)
def test_mentions(source: str, found: set[str]) -> None:
    assert of(source) == found


def test_any_name_may_come_from_a_star() -> None:
    assert of("x = LIMIT + len(y)", star=True) >= {"LIMIT", "y"}
    assert "len" not in of("x = len(y)", star=True)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("a.b", "a.b"),
        ("a.b(1)", "a.b"),
        ("a.b(1)(2)", "a.b"),
        ("a().b()", "a"),
        ("a[0].b()", "a"),
        ("(lambda: 1)()", None),
    ],
)
def test_what_is_called(source: str, name: str | None) -> None:
    (statement,) = ast.parse(source).body
    assert isinstance(statement, ast.Expr)

    assert called(statement.value) == name


@pytest.mark.parametrize(
    ("module", "is_package", "source", "names"),
    [
        ("shop.models", False, "import a.b", {"a.b"}),
        ("shop.models", False, "from . import a", {"shop", "shop.a"}),
        ("shop", True, "from . import a", {"shop", "shop.a"}),
        ("shop.api.views", False, "from ..models import X", {"shop.models", "shop.models.X"}),
        ("shop", False, "def f():\n    from a import b", {"a", "a.b"}),
    ],
)
def test_imported_names(module: str, is_package: bool, source: str, names: set[str]) -> None:
    scope = Scope(module=module, is_package=is_package, bound=frozenset(), has_star=False)

    assert set(imported_names(ast.parse(source), scope)) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = y = 1", {"x", "y"}),
        ("def f(): a = 1", {"f"}),
        ("class C: a = 1", {"C"}),
        ("import a.b, c as d", {"a", "d"}),
        ("for i in x: j = 1", {"i", "j"}),
        ("def f():\n    global late\n    late = 1", {"f", "late"}),
        ("try: pass\nexcept E as error: pass", {"error"}),
        ("if (n := 1): pass", {"n"}),
        ("x = lambda a: (b := a)", {"x"}),
    ],
)
def test_bound_names(source: str, names: set[str]) -> None:
    assert bound_names(ast.parse(source)) == (names, False)


def test_star() -> None:
    assert bound_names(ast.parse("from a import *"))[1]
