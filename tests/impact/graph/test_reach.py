"""`impact.graph.reach`: from what changed to what tests were seen to use."""

from __future__ import annotations

from typing import Any

import pytest

from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.reach import Reach
from cdds_django.impact.graph.reached import Cause
from cdds_django.impact.graph.registrars import ADMIN, DATABASE
from cdds_django.impact.graph.sites import Sites

SHOP = {
    "limits.py": "LIMIT = 1\nOTHER = 1\n",
    "use.py": """
from limits import LIMIT
import limits

DOUBLE = LIMIT * 2

def body():
    return limits.LIMIT

def other():
    return limits.OTHER

class View:
    size = DOUBLE
    def get(self): pass

class Child(View):
    pass
""",
}


def edited(path: str, old: str, new: str, sources: dict[str, str] = SHOP) -> dict[str, Any]:
    """Return the sources after an edit, and what they were before."""
    assert old in sources[path]
    return {
        "sources": {**sources, path: sources[path].replace(old, new, 1)},
        "before": {path: sources[path]},
    }


def names(symbols: Any) -> set[str]:
    return {str(symbol) for symbol in symbols}


def test_value_goes_on_to_what_is_made_of_it(graph: Any) -> None:
    reached = graph(**edited("limits.py", "LIMIT = 1", "LIMIT = 2")).reach()

    assert names(reached.symbols) >= {
        *("limits.py::LIMIT", "use.py::DOUBLE", "use.py::View", "use.py::Child"),
    }
    assert set(reached.functions) == {"use.py::body"}
    assert (reached.groups, reached.unknown) == ({}, None)


def test_way_is_kept(graph: Any) -> None:
    reached = graph(**edited("limits.py", "LIMIT = 1", "LIMIT = 2")).reach()

    cause = reached.symbols[Symbol("use.py", "Child")]
    assert str(cause.change) == "limits.py::LIMIT"
    assert cause.via[-2:] == ("use.py::View", "use.py::Child")


@pytest.mark.parametrize(
    ("head", "body", "filled"),
    [
        ("from django.db import models\nclass A(models.TextChoices):", "A.X", False),
        ("from enum import IntEnum\nclass A(IntEnum):", "A.X", False),
        ("from enum import IntEnum\nclass A(IntEnum):", "A.y = 1", True),
        ("from enum import Enum\nclass A(Enum):", "A.X", True),
        ("class A:", "A.X", True),
    ],
)
def test_nothing_is_put_into_an_enumeration_of_plain_values(
    graph: Any, head: str, body: str, filled: bool
) -> None:
    source = f"{head}\n    X = 1\nB = 1\ndef f():\n    {body}\n    return B\nC = f()\n"
    run = frozenset({"a.py::f"})
    reached = graph({"a.py": source}, before={"a.py": source.replace("B = 1", "B = 2")}).reach(
        run_at_import=run
    )

    assert ("a.py::A" in names(reached.symbols)) is filled
    assert "a.py::C" in names(reached.symbols)


def test_what_nobody_uses_reaches_nothing(graph: Any) -> None:
    reached = graph(**edited("limits.py", "OTHER = 1", "OTHER = 1\nMORE = 1")).reach()

    assert names(reached.symbols) == {"limits.py::MORE"}
    assert reached.functions == {}


@pytest.mark.parametrize(
    ("sources", "path", "old", "new", "symbols"),
    [
        (
            {"a.py": "X = 1\n", "b.py": "from a import *\nY = X\n"},
            *("a.py", "1", "2"),
            {"b.py::Y"},
        ),
        (
            {"a.py": "X = 1\n", "b.py": "from a import X as Z\n", "c.py": "import b\nY = b.Z\n"},
            *("a.py", "1", "2"),
            {"c.py::Y"},
        ),
        (
            {"a.py": "X = 1\n", "b.py": "Y = load('a.X')\n"},
            *("a.py", "1", "2"),
            {"b.py::Y"},
        ),
        (
            {
                "a.py": "known = []\ndef add(f):\n    known.append(f)\n    return f\n",
                "b.py": "from a import add\n@add\ndef one(x=1): pass\n",
            },
            *("b.py", "x=1", "x=2"),
            {"a.py::known"},
        ),
        (
            {
                "a.py": "known = []\nclass Base:\n    def __init_subclass__(cls):\n"
                "        known.append(cls)\n",
                "b.py": "from a import Base\nclass One(Base):\n    x = 1\n",
            },
            *("b.py", "x = 1", "x = 2"),
            {"a.py::known", "a.py::Base"},
        ),
        (
            {
                "a.py": "known = []\nclass Meta(type):\n    def __new__(mcs, *args):\n"
                "        known.append(args)\nclass Base(metaclass=Meta): pass\n",
                "b.py": "from a import Base\nclass One(Base):\n    x = 1\n",
            },
            *("b.py", "x = 1", "x = 2"),
            {"a.py::known"},
        ),
        (
            {"a.py": "class Base: pass\n", "b.py": "from a import Base\nclass C(Base): x = 1\n"},
            *("a.py", "Base: pass", "Base: y = 1"),
            {"b.py::C"},
        ),
        (
            {"a.py": "items = []\n", "b.py": "from a import items\nX = 1\nitems.append(X)\n"},
            *("b.py", "items.append(X)", "items.append(2)"),
            {"a.py::items"},
        ),
    ],
    ids=[
        *("star", "re-exported", "string", "registered", "init-subclass", "metaclass", "base"),
        "effect",
    ],
)
def test_ways(
    graph: Any, sources: dict[str, str], path: str, old: str, new: str, symbols: set[str]
) -> None:
    reached = graph(**edited(path, old, new, sources)).reach()

    assert symbols <= names(reached.symbols)
    assert reached.unknown is None


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from django.contrib import admin\n@admin.register(X)\nclass A: pass\n", {ADMIN}),
        (
            """
from django.db.models.signals import pre_save
from django.dispatch import receiver

@receiver(pre_save)
def f(**kwargs): pass
""",
            {DATABASE},
        ),
        ("import functools\n@functools.cache\ndef f(): pass\n", set()),
    ],
    ids=["admin", "signal", "standard-library"],
)
def test_what_a_library_is_given(graph: Any, source: str, found: set[str]) -> None:
    reached = graph({"a.py": source}, before={"a.py": ""}).reach(
        is_signal=lambda name: name.startswith("django.db.models.signals.")
    )

    assert (set(reached.groups), reached.unknown) == (found, None)


def test_unknown_library_may_keep_it_anywhere(graph: Any) -> None:
    reached = graph(
        {"a.py": "import plugins\n@plugins.register\ndef f(): pass\n"}, before={"a.py": ""}
    ).reach()

    assert "plugins.register" in reached.unknown[1]


@pytest.mark.parametrize(
    ("source", "groups"),
    [
        ("import reversion\nreversion.register(Order)\n", {ADMIN}),
        ("from auditlog.registry import auditlog\nauditlog.register(Order)\n", {ADMIN}),
        ("from watson import search\nsearch.register(Order)\n", set()),
        ("import tagulous.admin\ntagulous.admin.register(Order.tags)\n", {ADMIN}),
    ],
    ids=["reversion", "auditlog", "watson", "tagulous"],
)
def test_libraries_that_watch_a_models_rows(graph: Any, source: str, groups: set[str]) -> None:
    order = Symbol("a.py", "Order")
    model = "from django.db import models\nclass Order(models.Model):\n    a = models.TextField()\n"
    sources = {"b.py": f"from a import Order\n{source}"}
    edited = model.replace("()\n", "(null=True)\n")
    models = {"a.order": order}

    changed = graph({"a.py": edited, **sources}, before={"a.py": model}, models=models).reach()
    assert (set(changed.groups), changed.unknown) == (groups, None)
    came = graph({"a.py": model, **sources}, before={"b.py": ""}, models=models).reach()
    assert (set(came.groups), came.unknown) == (groups, None)
    assert set(came.tables_of) == (set() if "tagulous" in source else {order})


def test_a_model_decorated_for_a_library_that_watches_its_rows(graph: Any) -> None:
    source = """
import pghistory
from django.db import models

@pghistory.track()
class Order(models.Model):
    a = models.TextField()
"""
    order = Symbol("a.py", "Order")
    made = graph(
        {"a.py": source.replace("TextField()", "TextField(null=True)")},
        before={"a.py": source},
        models={"a.order": order},
    )
    reached = made.reach()
    assert (set(reached.groups), reached.unknown) == (set(), None)
    assert order in reached.symbols


def test_a_library_that_watches_rows_is_given_nobody_knows_what(graph: Any) -> None:
    source = "import reversion\nfor one in find():\n    reversion.register(one)\n"
    assert graph({"a.py": source}, before={"a.py": ""}).reach().unknown is not None


def test_a_model_in_an_annotation_is_not_made_there(graph: Any) -> None:
    """A container may make an object of a class that an annotation names, but none of a model."""
    model = "from django.db import models\nclass Order(models.Model):\n    rate = 1\n"
    sources = {
        "b.py": "from a import Order, Rates\n"
        "def hinted(order: Order): pass\n"
        "def given(rates: Rates): pass\n"
        "def making():\n    return Order()\n",
    }
    rest = "class Rates:\n    full = 1\n"
    made = graph(
        {"a.py": (model + rest).replace("= 1", "= 2"), **sources},
        before={"a.py": model + rest},
        models={"a.order": Symbol("a.py", "Order")},
    )
    assert set(made.reach().functions) == {"b.py::given", "b.py::making"}


def test_arguments_that_were_made_by_their_annotations_at_import(graph: Any) -> None:
    sources = {
        "a.py": "class Rates:\n    full = 1\n",
        "b.py": "from a import Rates\nfrom container import made\n\n"
        "class Shop:\n    def __init__(self, rates: Rates):\n        self.rates = rates\n\n"
        "shop = made(Shop)\n",
    }
    made = graph(
        {**sources, "a.py": sources["a.py"].replace("1", "2")},
        before={"a.py": sources["a.py"]},
    )
    reached = made.reach(run_at_import=frozenset({"b.py::Shop.__init__"}))
    assert Symbol("b.py", "shop") in reached.symbols


def test_a_decorator_that_skips_keeps_nothing(graph: Any) -> None:
    before = {
        "a.py": "from unittest import TestCase, skipIf\nrare = skipIf(False, '')\n"
        "@rare\nclass One(TestCase):\n    a = 1\n",
        "b.py": "from a import rare\nfrom unittest import TestCase\n"
        "@rare\nclass Two(TestCase): pass\n",
    }
    after = {**before, "a.py": before["a.py"].replace("a = 1", "a = 2")}
    reached = graph(after, before=before).reach()
    assert set(reached.symbols) == {Symbol("a.py", "One")}


def test_declaration_of_a_test_concerns_it_alone(graph: Any) -> None:
    source = "import unittest\nclass A(unittest.TestCase):\n    def test(self): pass\n"
    decorated = source.replace("    def", "    @unittest.skip('')\n    def")

    reached = graph({"test_a.py": decorated}, before={"test_a.py": source}).reach(
        test_files=frozenset({"test_a.py"})
    )

    assert (set(reached.functions), reached.symbols) == ({"test_a.py::A.test"}, {})
    assert set(reached.reloaded) == {"test_a.py"}


def test_module_that_is_imported_late(graph: Any) -> None:
    sources = {
        "late.py": "from inner import X\n",
        "inner.py": "X = 1\ndef f(): pass\n",
        "early.py": "def load():\n    import late\n\ndef other(): pass\n",
    }
    made = graph(sources, before={"inner.py": "X = 1\n"})

    reach = Reach(Sites(made.modules), Facts(imported_early=frozenset({"early.py"})))
    reach.comings.import_late("inner.py", Cause(change=made.changes()[0]))

    assert set(reach.reached.functions) == {"inner.py::f", "early.py::load"}


@pytest.mark.parametrize(
    ("signal", "makers"), [("post_init", {"b.py::make"}), ("post_save", set())]
)
def test_receiver_of_a_models_signal(graph: Any, signal: str, makers: set[str]) -> None:
    """Objects are made without any table; `post_init` is sent all the same."""
    before = "from django.db import models\nclass Order(models.Model): pass\n"
    after = f"""{before}
from django.db.models import signals
from django.dispatch import receiver

@receiver(signals.{signal}, sender=Order)
def hear(**kwargs): pass
"""
    sources = {"a.py": after, "b.py": "from a import Order\ndef make():\n    return Order()\n"}
    order = Symbol("a.py", "Order")

    reached = graph(sources, before={"a.py": before}, models={"a.order": order}).reach(
        is_signal=lambda name: name.startswith("django.db.models.signals.")
    )

    assert set(reached.tables_of) == {order}
    assert set(reached.functions) == makers
    assert reached.unknown is None


def test_receiver_that_is_none_any_more(graph: Any) -> None:
    """Whoever sent it something ran it, which is recorded."""
    after = "from django.db.models.signals import pre_save\ndef hear(**kwargs): pass\n"
    before = f"""
from django.dispatch import receiver
{after.replace("def", "@receiver(pre_save)" + chr(10) + "def")}"""

    reached = graph({"a.py": after}, before={"a.py": before}).reach(
        is_signal=lambda name: name.startswith("django.db.models.signals.")
    )

    assert Symbol("a.py", "hear") in reached.symbols
    assert (reached.groups, reached.unknown) == ({}, None)
