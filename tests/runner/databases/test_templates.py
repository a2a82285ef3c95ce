"""Templates: compared with what would be made now, listed, and made under a project's own terms."""

from __future__ import annotations

import re

import pytest

from .conftest import SETTINGS, SHOP, made, passed

WITH_COMMANDS = ('["shop"]', '["shop", "cdds_django"]')

VOLATILE = """
import uuid


def seed(apps, schema_editor):
    manager = apps.get_model("shop", "Item").objects.using(schema_editor.connection.alias)
    manager.create(name="seeded")
    manager.create(name=uuid.uuid4().hex[:20])
"""


def test_verified(make_project, server, postgres):
    import psycopg

    project = make_project({**SHOP, "shop/seeds.py": VOLATILE}, server.settings)
    # Random names differ each time, and aren't reported.
    assert project.test("--verify-template").returncode == 0
    run = project.test("--verify-template")
    assert (run.returncode, run.last_line) == (
        0,
        "The templates of the test databases are what would be made now.",
    ), run.text
    (template,) = (name for name in server.names() if re.fullmatch(r".*_cdds_\w{8}_\w{8}", name))
    postgres.connection.execute(f'ALTER DATABASE "{template}" ALLOW_CONNECTIONS true')
    with psycopg.connect(
        host=server.entry["HOST"],
        port=server.entry["PORT"],
        user=server.entry["USER"],
        dbname=template,
        autocommit=True,
    ) as database:
        database.execute("CREATE INDEX tampered ON shop_item (name)")
        database.execute("DELETE FROM shop_item WHERE name = 'seeded'")
    run = project.test("--verify-template")
    assert run.returncode == 1, run.text
    assert "index tampered is in the template only" in run.output
    assert "table shop_item has 1 rows in one made now only" in run.output
    assert "--create-db" in run.output


def test_listed_and_pruned(make_project, disk):
    project = make_project(SHOP, disk.settings.replace(*WITH_COMMANDS))
    assert "no test databases" in project.manage("test_databases").stdout
    passed(project.test("--parallel", "1"), 2)
    listing = project.manage("test_databases").stdout
    assert re.search(r"default  \w+  template, [\d.]+ MB, used 20", listing), listing
    project.manage("test_databases", "--prune")
    assert disk.kinds() == ["template"]
    assert "removed" in project.manage("test_databases", "--prune", "--all").stdout
    assert disk.kinds() == []
    assert project.manage("test_databases", "--all").returncode == 2


OWN_RUNNER = """
from django.test.runner import DiscoverRunner


class Runner(DiscoverRunner):
    def setup_databases(self, **kwargs):
        config = super().setup_databases(**kwargs)
        from shop.models import Item

        Item.objects.create(name="runner's")
        return config
"""
OWN_RUNNER_TESTS = """
from django.test import TransactionTestCase

from shop.models import Item


class FlushingTests(TransactionTestCase):
    def test_a(self):
        self.assertEqual(Item.objects.count(), 2)
        Item.objects.all().delete()

    test_b = test_a
"""


@pytest.mark.parametrize("kind", ["server", "memory"])
def test_own_set_up_is_done_to_every_fork(make_project, request, kind):
    place = request.getfixturevalue(kind)
    project = make_project(
        {**SHOP, "own.py": OWN_RUNNER, "tests/test_own.py": OWN_RUNNER_TESTS},
        place.settings + "TEST_RUNNER = 'own.Runner'\n",
    )
    names = {"NAMES": "runner's seeded"}
    assert made(passed(project.test("--parallel", "1", **names), 4))
    if place.is_kept:
        assert not made(passed(project.test("--parallel", "2", **names), 4))


MIXED = """
def seed(apps, schema_editor):
    apps.get_model("shop", "Item").objects.create(name="mixed")
"""
MIXED_TESTS = """
from django.test import TestCase

from shop.models import Item


class MixedTests(TestCase):
    databases = {"default", "other"}

    def test_as_django_has_it(self):
        self.assertEqual(Item.objects.using("default").count(), 2)
        self.assertEqual(Item.objects.using("other").count(), 0)


class AloneTests(TestCase):
    def test_as_django_has_it(self):
        import os
        self.assertEqual(Item.objects.count(), int(os.environ.get("ITEMS", 2)))
"""


def test_migrations_that_write_to_another_database(make_project, disk, tmp_path):
    other = {**disk.entry, "NAME": "y.sqlite3", "TEST": {"NAME": str(tmp_path / "test_y.sqlite3")}}
    project = make_project(
        {**SHOP, "shop/seeds.py": MIXED, "tests/test_items.py": MIXED_TESTS},
        SETTINGS.format(databases={"default": disk.entry, "other": other}),
    )
    # One alone is another state than both together; whatever is known first.
    alone = ("tests.test_items.AloneTests", "--parallel", "1")
    assert made(passed(project.test(*alone, ITEMS="1"), 1))
    assert made(passed(project.test("--parallel", "1"), 2))
    assert not made(passed(project.test("--parallel", "2"), 2))
    assert not made(passed(project.test(*alone, ITEMS="1"), 1))


def test_pooled_connections(make_project, server):
    pytest.importorskip("psycopg_pool")
    entry = {**server.entry, "OPTIONS": {"pool": {"min_size": 1, "max_size": 3}}}
    files = {**SHOP, "tests/test_own.py": OWN_RUNNER_TESTS.replace("count(), 2", "count(), 1")}
    project = make_project(files, SETTINGS.format(databases={"default": entry}))
    assert made(passed(project.test("--parallel", "1"), 4))
    assert not made(passed(project.test("--parallel", "2"), 4))
