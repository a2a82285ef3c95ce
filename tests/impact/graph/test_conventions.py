"""`impact.graph.conventions`: names and places with a meaning of their own."""

from __future__ import annotations

from typing import Any

import pytest

from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.conventions import (
    is_loaded_by_django,
    is_test_method,
    module_groups,
    unknown_effect,
)
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.registrars import REQUESTS

SOURCES = {
    "base.py": "from django.test import TestCase\nclass Base(TestCase): pass\n",
    "test_a.py": "from base import Base\nclass A(Base):\n    def test_one(self): pass\n"
    "    def helper(self): pass\nclass Other:\n    def test_one(self): pass\n",
    "apps.py": "from django.apps import AppConfig\nclass Shop(AppConfig): pass\n",
    "kept.py": "from library import Kept\nclass Child(Kept): pass\n",
}


def change(key: str, path: str = "urls.py", versions: Any = ()) -> DefinitionChange:
    return DefinitionChange(path=path, key=key, change="changed", versions=versions)


@pytest.mark.parametrize(
    ("key", "is_test"), [("A.test_one", True), ("A.helper", False), ("Other.test_one", False)]
)
def test_test_methods(graph: Any, key: str, is_test: bool) -> None:
    found = graph(SOURCES)
    versions = (found.code.symbols("test_a.py").definitions[key],)

    assert is_test_method(change(key, "test_a.py", versions), found.modules) is is_test


def test_error_handlers_concern_requests() -> None:
    assert module_groups(change("handler404")) == {REQUESTS}
    assert module_groups(change("urlpatterns")) is None


@pytest.mark.parametrize(
    ("path", "name", "is_known"),
    [("kept.py", "Child", False), ("base.py", "Base", True)],
)
def test_effects_of_subclassing(graph: Any, path: str, name: str, is_known: bool) -> None:
    facts = Facts(registers_subclasses=lambda base: base.startswith("library."))

    found = unknown_effect(Symbol(path, name), graph(SOURCES).modules, facts)

    assert (found is None) is is_known


@pytest.mark.parametrize(
    ("path", "is_loaded"),
    [
        ("shop/models.py", True),
        ("shop/templatetags/money.py", True),
        ("shop/management/commands/bill.py", True),
        ("manage.py", True),
        ("shop/plugins/one.py", False),
        ("shop/remodels.py", False),
    ],
)
def test_files_that_django_finds_by_name(path: str, is_loaded: bool) -> None:
    assert is_loaded_by_django(path) is is_loaded
