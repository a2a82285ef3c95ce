"""`impact.graph.descriptions`: options of fields that no table depends on, and enumerations."""

from __future__ import annotations

from typing import Any

import pytest

from cdds_django.impact.graph.modules import Symbol

BOOK = Symbol("models.py", "Book")
MODELS = {"shop.book": BOOK, "shop.loan": Symbol("models.py", "Loan")}
SHOP = {
    "models.py": """
from django.db import models
from fields import OddField

class Status(models.TextChoices):
    NEW = "new", "New"
    SOLD = "sold", "Sold"

class Book(models.Model):
    title = models.CharField(max_length=9, help_text="short")
    status = models.CharField(choices=Status, default=Status.NEW)
    odd = OddField(blank=True)

class Loan(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
""",
    "fields.py": "class OddField: pass\n",
    "forms.py": """
from django import forms
from models import Book

class BookForm(forms.ModelForm):
    class Meta:
        model = Book
""",
    "factories.py": """
import factory
from models import Book

class BookFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Book

def make():
    return BookFactory()
""",
    "use.py": """
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from models import Book, Status

def uses_the_table():
    return Book.objects.count()

def sells():
    return Status.SOLD

def begins():
    return Status.NEW.value

@receiver(post_save, sender=Book)
def hears(sender, **kwargs):
    pass

pre_save.connect(hears, sender=Book)

def lists():
    return list(Status)

def makes(value):
    return Status(value)
""",
}


def edited(graph: Any, old: str, new: str, **options: Any) -> Any:
    """Return what an edit of the models reaches."""
    sources = {**SHOP, "models.py": SHOP["models.py"].replace(old, new)}
    assert sources != SHOP
    options = {"models": MODELS, **options}
    return graph(sources, before={"models.py": SHOP["models.py"]}, **options).reach()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('help_text="short"', 'help_text="long"'),
        (', help_text="short"', ""),
        ('help_text="short"', 'help_text="short", validators=[print], blank=True'),
    ],
)
def test_a_description_concerns_definitions_that_mention_the_model(
    graph: Any, old: str, new: str
) -> None:
    reached = edited(graph, old, new)

    assert set(reached.described) == {"title"}
    assert Symbol("forms.py", "BookForm") in reached.symbols
    assert BOOK not in reached.symbols
    assert (reached.functions, reached.tables_of) == ({}, {})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("max_length=9", "max_length=8"),
        ('help_text="short"', 'default="x"'),
        ("blank=True", "blank=False"),
        ('title = models.CharField(max_length=9, help_text="short")', ""),
    ],
    ids=["option of the table", "option replaced", "field of another package", "field removed"],
)
def test_all_else_concerns_the_table(graph: Any, old: str, new: str) -> None:
    reached = edited(graph, old, new)

    assert reached.described == {}
    assert BOOK in reached.symbols
    assert "use.py::uses_the_table" in reached.functions


def test_the_user_model_is_validated_by_django(graph: Any) -> None:
    aliases = {"django.contrib.auth.get_user_model": BOOK}
    reached = edited(graph, 'help_text="short"', 'help_text="long"', aliases=aliases)

    assert BOOK in reached.symbols


def test_a_model_of_another_package_is_taken_as_a_whole(graph: Any) -> None:
    sources = {
        **SHOP,
        "models.py": SHOP["models.py"].replace("Book(models.Model)", "Book(Audited)")
        + "\nfrom audits.models import Audited\n",
    }
    before = {"models.py": sources["models.py"]}
    sources["models.py"] = sources["models.py"].replace('"short"', '"long"')
    reached = graph(sources, before=before, models=MODELS).reach()

    assert BOOK in reached.symbols


def test_a_member_concerns_who_names_it_or_all_members(graph: Any) -> None:
    reached = edited(graph, '"sold", "Sold"', '"sold", "Gone"')

    assert set(reached.functions) == {"use.py::sells", "use.py::lists", "use.py::makes"}
    assert set(reached.described) == {"status"}
    assert Symbol("forms.py", "BookForm") in reached.symbols


def test_a_member_that_is_a_default_concerns_the_table(graph: Any) -> None:
    reached = edited(graph, '"new", "New"', '"new", "Fresh"')

    assert BOOK in reached.symbols
    assert "use.py::begins" in reached.functions
    assert "use.py::sells" not in reached.functions


def test_two_members_concern_the_users_of_both(graph: Any) -> None:
    old = 'NEW = "new", "New"\n    SOLD = "sold", "Sold"'
    reached = edited(graph, old, 'NEW = "n", "New"\n    SOLD = "s", "Sold"')

    assert {"use.py::sells", "use.py::begins"} <= set(reached.functions)
    assert BOOK in reached.symbols


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("models.TextChoices", "models.IntegerChoices"),
        ('SOLD = "sold", "Sold"', "SOLD = NEW"),
        ("    SOLD", "    def word(self): return self.value\n    SOLD"),
    ],
)
def test_all_else_of_an_enumeration_concerns_all_its_users(graph: Any, old: str, new: str) -> None:
    reached = edited(graph, old, new)

    assert {"use.py::sells", "use.py::begins", "use.py::lists"} <= set(reached.functions)


def test_members_added_and_moved_leave_the_others_alone(graph: Any) -> None:
    old = '    SOLD = "sold", "Sold"\n'
    reached = edited(graph, old, f'{old}    LOST = "lost", "Lost"\n')

    assert set(reached.functions) == {"use.py::lists", "use.py::makes"}


CONSTANTS = {
    "models.py": """
from django.db import models

class Book(models.Model):
    NEW = "new"
    LIMITS = [1]
    title = models.CharField(max_length=9)
    state = models.CharField(default=NEW)
""",
    "use.py": """
from models import Book

def constant(state=Book.NEW):
    return Book.NEW

def spelled():
    return Book.NEW.upper()

def filled():
    return Book.LIMITS

def whole():
    return Book()

class Defaults:
    state = Book.NEW

class Uses:
    model = Book
""",
}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(max_length=9)", "(max_length=8)"),
        ("    title = models.CharField(max_length=9)\n", ""),
        ("default=NEW)\n", "default=NEW)\n\n    def save(self): pass\n"),
        ("default=NEW)\n", "default=NEW)\n\n    class Meta:\n        ordering = ['title']\n"),
    ],
    ids=["field", "field removed", "method", "Meta"],
)
def test_a_constant_of_a_model_is_what_it_is(graph: Any, old: str, new: str) -> None:
    edited = {**CONSTANTS, "models.py": CONSTANTS["models.py"].replace(old, new)}
    reached = graph(edited, before=CONSTANTS, models={"shop.book": BOOK}).reach()

    names = {"spelled", "filled", "whole"}
    assert {key for key in reached.functions if key.startswith("use.py")} == {
        f"use.py::{name}" for name in names
    }
    assert {s.name for s in reached.symbols if s.path == "use.py"} == {"Book", "Uses"}


@pytest.mark.parametrize(
    ("old", "new"), [('NEW = "new"', 'NEW = "old"'), ("(models.Model)", "(models.Model, object)")]
)
def test_a_constant_that_may_be_another(graph: Any, old: str, new: str) -> None:
    edited = {**CONSTANTS, "models.py": CONSTANTS["models.py"].replace(old, new)}
    reached = graph(edited, before=CONSTANTS, models={"shop.book": BOOK}).reach()

    assert "use.py::constant" in reached.functions
    assert Symbol("use.py", "Defaults") in reached.symbols
