"""The promise for code that changes installed packages while the project is imported."""

from __future__ import annotations

from typing import Any

import pytest

from cdds_django.impact.records import EVERY_VIEW

HEAD = """
import json
import plugins
from django.utils import timezone
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from rest_framework import serializers

def one(*args): return 1
def two(*args): return 2
"""

PATCHES = {
    "attribute": "timezone.now = one",
    "key": "serializers.ModelSerializer.serializer_field_mapping[str] = one",
    "standard library": "json.JSONEncoder.default = one",
    "setattr": "setattr(timezone, 'now', one)",
    "add_to_class": "get_user_model().add_to_class('now', one)",
    "update": "serializers.ModelSerializer.serializer_field_mapping.update({str: one})",
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES)
def test_a_statement_may_concern_every_test(graph: Any, patch: str) -> None:
    before = {"patches.py": f"{HEAD}\n{patch}\n"}
    after = {"patches.py": before["patches.py"].replace(patch, patch.replace("one", "two"))}

    assert graph(after, before=before).reach().unknown is not None


@pytest.mark.parametrize(
    "patch", [*PATCHES.values(), "plugins.register(one)"], ids=[*PATCHES, "unknown call"]
)
def test_a_function_that_ran_may_concern_every_test(graph: Any, patch: str) -> None:
    before = {"patches.py": f"{HEAD}\ndef install():\n    {patch}\n\ninstall()\n"}
    after = {"patches.py": before["patches.py"].replace(patch, patch.replace("one", "two"))}
    made = graph(after, before=before)
    key = "patches.py::install"

    assert made.run(key, run_at_import=frozenset({key})).unknown is not None


def test_the_admins_site_is_seen_in_the_admin(graph: Any) -> None:
    before = {"patches.py": f"{HEAD}\nadmin.site.site_header = 'One'\n"}
    after = {"patches.py": f"{HEAD}\nadmin.site.site_header = 'Two'\n"}
    reached = graph(after, before=before).reach()

    assert (set(reached.groups), reached.unknown) == ({"admin"}, None)


def test_variables_of_the_environment_are_compared_by_value(graph: Any) -> None:
    sources = {
        "site/settings.py": "LIMIT = 1\n",
        "site/wsgi.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS', 'site.settings')\n",
    }
    after = {**sources, "site/settings.py": "LIMIT = 2\n"}
    reached = graph(after, before={"site/settings.py": sources["site/settings.py"]}).reach()

    assert reached.unknown is None


def test_what_is_made_of_a_package_leaves_it_alone(graph: Any) -> None:
    before = {"values.py": f"{HEAD}\nclass Local: pass\nLocal.now = timezone.now\nX = one\n"}
    after = {"values.py": f"{HEAD}\nclass Local: pass\nLocal.now = timezone.now\nX = two\n"}

    assert graph(after, before=before).reach().unknown is None


def test_a_lookup_is_seen_in_the_database(graph: Any) -> None:
    source = """
@models.CharField.register_lookup
class Loud(models.Transform):
    function = "UPPER"
"""
    before = {"lookups.py": HEAD + source}
    after = {"lookups.py": HEAD + source.replace("UPPER", "LOWER")}

    assert set(graph(after, before=before).reach().groups) == {"database"}


def test_an_extension_of_a_schema_is_seen_in_it(graph: Any) -> None:
    source = """
from drf_spectacular.extensions import OpenApiAuthenticationExtension

class Token(OpenApiAuthenticationExtension):
    target_class = "one"
"""
    before = {"schemas.py": source}
    after = {"schemas.py": source.replace("one", "two")}

    assert EVERY_VIEW in graph(after, before=before).reach().stand_ins


@pytest.mark.parametrize(
    "signal",
    [
        *("django.core.signals.setting_changed", "django.test.signals.setting_changed"),
        "django.db.models.signals.class_prepared",
    ],
)
@pytest.mark.parametrize("connection", ["@receiver({})", "{}.connect(print)"])
def test_a_signal_may_be_sent_by_anything(graph: Any, signal: str, connection: str) -> None:
    module, _, name = signal.rpartition(".")
    head = f"from django.dispatch import receiver\nfrom {module} import {name}\n"
    line = connection.format(name)
    text = f"{line}\ndef heard(**kwargs): pass\n" if line.startswith("@") else f"{line}\n"
    made = graph({"signals.py": head + text}, before={"signals.py": head})

    assert made.reach(is_signal=lambda name: name == signal).unknown is not None


def test_a_type_alias_is_filled_by_nobody(graph: Any) -> None:
    """Decorators name one in their hints, and have to do with nothing else that they decorate."""
    sources = {
        "kinds.py": "from collections.abc import Callable\nView = Callable[..., int]\n",
        "guards.py": """
from kinds import View
from sudo.signing import Signer

def guard(f: View) -> View:
    def inner(): return Signer().sign(f())
    return inner

def other(f: View) -> View:
    return f
""",
        "views.py": "from guards import guard\n@guard\ndef page(x=1): pass\n",
        "more.py": "from guards import other\n@other\ndef more(): pass\n",
    }
    after = {**sources, "views.py": sources["views.py"].replace("x=1", "x=2")}
    made = graph(after, before={"views.py": sources["views.py"]})
    run = frozenset({"guards.py::guard", "guards.py::other"})
    reached = made.reach(run_at_import=run)

    assert reached.unknown is None
    assert {str(symbol) for symbol in reached.symbols} == {"views.py::page"}
