"""`impact.graph.modules`: what a mention leads to."""

from __future__ import annotations

from typing import Any

import pytest

from cdds_django.impact.graph.modules import Symbol

SOURCES = {
    "shop/__init__.py": "from shop.models import Order as Exported\n",
    "shop/models.py": "class Order: pass\nclass Line: pass\n",
    "shop/views.py": "from shop import models\nfrom shop.models import Line as Row\n"
    "import os.path\nfrom django.db import models as db\n"
    "from auditlog.registry import auditlog\nimport celery.app\n",
    "shop/stars.py": "from shop.models import *\n",
    "shop/circle.py": "from shop.circle import a as b\nfrom shop.circle import b as a\n",
    "tests.py": "import shop\n",
}
ORDER, LINE = Symbol("shop/models.py", "Order"), Symbol("shop/models.py", "Line")


@pytest.mark.parametrize(
    ("path", "mention", "found"),
    [
        ("shop/views.py", "models.Order", {Symbol("shop/views.py", "models"), ORDER}),
        ("shop/views.py", "Row", {Symbol("shop/views.py", "Row"), LINE}),
        ("shop/views.py", ":shop.models.Order.total", {ORDER}),
        ("shop/views.py", "'shop.models.Order", {ORDER}),
        ("shop/views.py", "'shop.order", {ORDER, Symbol("shop/__init__.py", "order")}),
        ("shop/views.py", "'Order", {ORDER}),
        ("shop/stars.py", "Order", {Symbol("shop/models.py", "Order")}),
        ("shop/views.py", "nothing", set()),
        ("shop/views.py", "::shop.models", set()),
        (
            "tests.py",
            "shop.Exported",
            {Symbol("tests.py", "shop"), Symbol("shop/__init__.py", "Exported"), ORDER},
        ),
        (
            "shop/circle.py",
            "a",
            {Symbol("shop/circle.py", "a"), Symbol("shop/circle.py", "b")},
        ),
    ],
    ids=[
        *("attribute", "renamed", "absolute", "string", "label", "bare", "star", "unknown"),
        *("import", "re-exported", "circle"),
    ],
)
def test_resolve(graph: Any, path: str, mention: str, found: set[Symbol]) -> None:
    modules = graph(SOURCES, models={"shop.order": ORDER}).modules

    assert modules.resolve(path, mention) == found


@pytest.mark.parametrize(
    ("mention", "names"),
    [
        ("db.Model", {"django.db.models.Model"}),
        ("os.path.join", {"os.path.join"}),
        ("os.sep", {"os.sep", "os.path.sep"}),
        ("auditlog.register", {"auditlog.registry.auditlog.register"}),
        ("celery.task", {"celery.task", "celery.app.task"}),
        ("models.Order", set()),
    ],
)
def test_external(graph: Any, mention: str, names: set[str]) -> None:
    assert graph(SOURCES).modules.external("shop/views.py", mention) == names


def test_who_may_mention(graph: Any) -> None:
    modules = graph(SOURCES).modules

    assert modules.who_may_mention(ORDER) >= {
        *("shop/__init__.py", "shop/models.py", "shop/stars.py", "shop/views.py", "tests.py"),
    }
    assert "shop/circle.py" not in modules.who_may_mention(ORDER)
    assert list(modules.star_importers("shop/models.py")) == ["shop/stars.py"]


def test_names_that_stand_for_the_user_model(graph: Any) -> None:
    source = "from django.contrib.auth import get_user_model\n"
    aliases = {"django.contrib.auth.get_user_model": ORDER}
    modules = graph({**SOURCES, "shop/users.py": source}, aliases=aliases).modules

    assert ORDER in modules.resolve("shop/users.py", "get_user_model")


@pytest.mark.parametrize(
    ("path", "is_named"), [("shop/models.py", True), ("shop/views.py", False), ("tests.py", False)]
)
def test_modules_that_nobody_names(graph: Any, path: str, is_named: bool) -> None:
    assert graph(SOURCES).modules.is_named(path) is is_named


def test_earlier_versions_count(graph: Any) -> None:
    modules = graph(
        {"a.py": "x = 1\n", "b.py": "from a import x\n"}, before={"b.py": "from a import y as x\n"}
    ).modules

    assert modules.resolve("b.py", "x") == {
        *(Symbol("b.py", "x"), Symbol("a.py", "x"), Symbol("a.py", "y"))
    }
