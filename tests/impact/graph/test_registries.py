"""`impact.graph.registries`: tests that go through all models, URL patterns or admin classes."""

from __future__ import annotations

from typing import Any

import pytest

from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.reach import Reach
from cdds_django.impact.graph.registries import Registries
from cdds_django.impact.graph.sites import Sites

TESTS = """\
from django.apps import apps
from django.contrib import admin
from django.urls import get_resolver, reverse
def models():
    return apps.get_models()
def models_of_an_app():
    return apps.get_app_config("shop").get_models()
def one_model():
    return apps.get_model("shop", "Other")
def patterns():
    return get_resolver().url_patterns
def admins():
    return admin.site._registry
def page():
    return reverse("page")
"""
MODELS = "from django.db import models\nclass Order(models.Model):\n    x = 1\n"
VIEWS = "class View:\n    x = 1\n"
ADMIN = "from django.contrib import admin\n@admin.register(object)\nclass A: x = 1\n"
ALL_MODELS = {"models", "models_of_an_app"}


def _found(graph: Any, sources: dict[str, str], before: dict[str, str]) -> set[str]:
    made = graph(
        {"tests.py": TESTS, "config.py": TESTS, **sources},
        before=before,
        models={"shop.order": Symbol("models.py", "Order")},
    )
    sites, facts = Sites(made.modules), Facts(models=made.models, test_files={"tests.py"})
    reached = Reach(sites, facts).walk(made.changes())
    Registries(sites, facts).follow(reached)
    return set(reached.functions)


@pytest.mark.parametrize(
    ("path", "source", "old", "found"),
    [
        ("models.py", MODELS, MODELS.replace("1", "2"), {*ALL_MODELS, "patterns"}),
        ("models.py", MODELS, "", {*ALL_MODELS, "patterns"}),
        ("views.py", VIEWS, VIEWS.replace("1", "2"), {"patterns"}),
        ("admin.py", ADMIN, ADMIN.replace("1", "2"), {"admins", "patterns"}),
    ],
    ids=["model-edited", "model-added", "view", "admin"],
)
def test_who_goes_through_everything(
    graph: Any, path: str, source: str, old: str, found: set[str]
) -> None:
    reached = _found(graph, {path: source}, {path: old})
    assert {key for key in reached if key.startswith("tests.py")} == {
        f"tests.py::{name}" for name in found
    }
    # An application asks for its configuration at every turn.
    assert {key for key in reached if key.startswith("config.py")} == {
        f"config.py::{name}" for name in found - {"models_of_an_app"}
    }
