"""A project with one table that migrations fill, and the databases that it can be on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from cdds_django.runner.databases.names import parsed

SHOP = {
    "shop/__init__.py": "",
    "shop/models.py": """
from django.db import models


class Item(models.Model):
    name = models.CharField(max_length=20)
""",
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py": """
from django.db import migrations, models

from shop.seeds import seed


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Item",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
            ],
        ),
        migrations.RunPython(seed),
    ]
""",
    "shop/seeds.py": """
import pathlib

NAMES = ["seeded"]


def seed(apps, schema_editor):
    manager = apps.get_model("shop", "Item").objects.using(schema_editor.connection.alias)
    for name in [*NAMES, *more()]:
        manager.create(name=name)


def more():
    path = pathlib.Path("more.txt")
    return path.read_text().split() if path.exists() else []


def unused():
    return 1
""",
    "tests/__init__.py": "",
    "tests/test_items.py": """
import os
import pathlib

from django.db import connection
from django.test import TestCase

from shop.models import Item


class SeededTests(TestCase):
    def test_seeded(self):
        names = os.environ.get("NAMES", "seeded").split()
        self.assertEqual(sorted(Item.objects.values_list("name", flat=True)), names)
        pathlib.Path("a.database").write_text(str(connection.settings_dict["NAME"]))


class OtherSeededTests(TestCase):
    def test_seeded(self):
        self.assertTrue(Item.objects.exists())
        pathlib.Path("b.database").write_text(str(connection.settings_dict["NAME"]))
""",
}

SETTINGS = """
INSTALLED_APPS = ["shop"]
DATABASES = {databases!r}
CDDS = {{"RECORD": False}}
"""


@dataclass(kw_only=True)
class Place:
    """Where a project's databases are."""

    settings: str
    """Lines of settings."""
    entry: dict[str, Any]
    """Of DATABASES."""
    is_kept: bool = False
    """Whether forks stay for the next run."""
    names: Any
    """Returns the names of all databases that are there."""

    def kinds(self) -> list[str]:
        """Return what there is: templates, forks, and anything that isn't ours."""
        found = []
        for name in self.names():
            our = parsed(name)
            if our is None:
                found.append(name)
            else:
                found.append("fork" if our.suffix else "template")
        return sorted(found)


@pytest.fixture
def memory(tmp_path) -> Place:
    """SQLite in memory."""
    return _sqlite(tmp_path, {"ENGINE": "django.db.backends.sqlite3", "NAME": "x.sqlite3"})


@pytest.fixture
def disk(tmp_path) -> Place:
    """SQLite in files."""
    test = {"NAME": str(tmp_path / "test_x.sqlite3")}
    entry = {"ENGINE": "django.db.backends.sqlite3", "NAME": "x.sqlite3", "TEST": test}
    return _sqlite(tmp_path, entry)


@pytest.fixture
def server(postgres) -> Place:
    """PostgreSQL."""
    entry = postgres.database()
    return Place(
        settings=SETTINGS.format(databases={"default": entry}),
        entry=entry,
        is_kept=True,
        names=lambda: [name.replace("x", postgres.name, 1) for name in postgres.names()],
    )


@pytest.fixture(params=["server", "disk", "memory"])
def place(request) -> Place:
    """Each of them."""
    return request.getfixturevalue(request.param)


def _sqlite(tmp_path, entry) -> Place:
    def names():
        return sorted(path.stem for path in tmp_path.rglob("*.sqlite3*"))

    return Place(settings=SETTINGS.format(databases={"default": entry}), entry=entry, names=names)


def passed(run, number):
    """Return a run, of which all tests passed."""
    assert (run.returncode, run.last_line) == (0, f"{number} passed, 0 failed"), run.text
    return run


def made(run) -> bool:
    """Whether a run made its test databases by migrations."""
    return "Creating test database for alias" in run.errors
