"""What counts as a change of what databases are made from, and what doesn't."""

from __future__ import annotations

from .conftest import SHOP, made, passed

RECEIVER = """
from django.apps import AppConfig
from django.db.models.signals import post_migrate


def add(sender, using, **kwargs):
    sender.get_model("Item").objects.using(using).get_or_create(name="received")


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        post_migrate.connect(add, sender=self)
"""


def test_every_change_counts(make_project, memory):
    project = make_project(SHOP, memory.settings)

    def run(names="seeded", **environment):
        return made(passed(project.test("--parallel", "1", NAMES=names, **environment), 2))

    assert run()
    assert not run()
    # A constant, a function that a migration calls through another, a file that it asks for.
    project.edit("shop/seeds.py", '["seeded"]', '["constant"]')
    assert run("constant")
    project.edit("shop/seeds.py", "read_text().split()", "read_text().upper().split()")
    assert run("constant")
    project.write({"more.txt": "read"})
    assert run("READ constant")
    project.write({"more.txt": "again"})
    assert run("AGAIN constant")
    # Beside all that, in the same file.
    project.edit("shop/seeds.py", "return 1", "return 2")
    project.edit("shop/seeds.py", "import pathlib", "import pathlib  # A comment.")
    assert not run("AGAIN constant")
    # And all the way back.
    (project.path / "more.txt").unlink()
    project.write({"shop/seeds.py": SHOP["shop/seeds.py"]})
    assert not run()
    # Who listens to the end of migrations.
    project.write({"shop/apps.py": RECEIVER})
    assert run("received seeded")
    project.edit("shop/apps.py", '"received"', '"heard"')
    assert run("heard seeded")


ANY_ITEMS = """
from django.test import TestCase

from shop.models import Item


class AnyTests(TestCase):
    def test_a(self):
        Item.objects.count()

    test_b = test_a
"""


def test_models_without_migrations_and_settings(make_project, memory):
    settings = memory.settings + "MIGRATION_MODULES = {'shop': None}\n"
    tests = {
        "tests/test_items.py": SHOP["tests/test_items.py"].replace("self.assert", "str; ''and")
    }
    project = make_project({**SHOP, **tests}, settings)

    def run(**environment):
        return made(passed(project.test("--parallel", "1", **environment), 2))

    assert run()
    assert not run()
    project.edit("shop/models.py", "max_length=20", "max_length=30, db_index=True")
    assert run()
    project.edit("shop/models.py", "class Item", "OTHER = 1\n\n\nclass Item")
    assert not run()
    project.edit("settings.py", "USE_TZ = True", "USE_TZ = False")
    assert run()
    project.write({"extra.sql": "1"})
    project.edit("settings.py", '"RECORD": False', '"RECORD": False, "DATABASE_INPUTS": ["*.sql"]')
    assert run()
    assert not run()
    project.write({"extra.sql": "2"})
    assert run()
