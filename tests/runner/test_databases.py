"""Databases: one for each worker, kept while that is right, apart from other runs'."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest

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


def seed(apps, schema_editor):
    manager = apps.get_model("shop", "Item").objects.using(schema_editor.connection.alias)
    manager.create(name="seeded")


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
        self.assertTrue(Item.objects.filter(name="seeded").exists())
        pathlib.Path("b.database").write_text(str(connection.settings_dict["NAME"]))
""",
}

FLUSHING = {
    "tests/test_flushing.py": """
from django.test import TransactionTestCase

from shop.models import Item


class FlushingTests(TransactionTestCase):
    def test_flushes(self):
        Item.objects.create(name="lasting")
""",
}

PLAIN = {
    "tests/test_plain.py": """
import unittest

from shop.models import Item


class PlainTests(unittest.TestCase):
    def test_writes(self):
        Item.objects.create(name="lasting")
""",
}

SETTINGS = """
INSTALLED_APPS = ["shop"]
DATABASES = {databases!r}
CDDS = {{"RECORD": False}}
"""


@pytest.fixture(params=["postgres", "sqlite"])
def on_server_and_disk(request):
    """Settings of a database that can be kept, and a function that lists what is there."""
    if request.param == "sqlite":
        return request.getfixturevalue("on_disk")
    server = request.getfixturevalue("postgres")
    return SETTINGS.format(databases={"default": server.database()}), server.names


@pytest.fixture
def on_disk(tmp_path):
    """As above, with SQLite."""
    test = {"NAME": str(tmp_path / "test_x.sqlite3")}
    engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": "x.sqlite3", "TEST": test}

    def names():
        return sorted(path.stem for path in tmp_path.glob("*.sqlite3"))

    return SETTINGS.format(databases={"default": engine}), names


CREATING = "Creating test database for alias 'default'"
ADDED = """
from django.db import migrations


def seed(apps, schema_editor):
    apps.get_model("shop", "Item").objects.create(name="added")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunPython(seed)]
"""


def passed(run, number):
    assert (run.returncode, run.last_line) == (0, f"{number} passed, 0 failed"), run.text
    return run


def test_kept_while_it_is_right(make_project, on_server_and_disk):
    settings, names = on_server_and_disk
    project = make_project(SHOP, settings)
    assert CREATING in passed(project.test("--parallel", "1"), 2).errors
    assert names() == ["test_x"]
    # Unchanged: used again, by one process and by workers on clones of their own.
    assert CREATING not in passed(project.test("--parallel", "2"), 2).errors
    assert names() == ["test_x"]
    used = {(project.path / f"{n}.database").read_text() for n in "ab"}
    assert len(used) == 2
    assert all("_1" in name or "_2" in name for name in used)

    # A migration that is new: made anew, without anybody being asked.
    project.write({"shop/migrations/0002_added.py": ADDED, **FLUSHING})
    added = {"NAMES": "added seeded"}
    assert CREATING in passed(project.test("--parallel", "1", **added), 3).errors
    # The flush left no rows of migrations.
    assert CREATING in passed(project.test("tests.test_items", **added), 2).errors


def test_every_change_counts(make_project, on_disk):
    settings, _ = on_disk
    project = make_project(SHOP, settings)
    passed(project.test(), 2)
    project.write({"shop/migrations/0002_added.py": ADDED})
    assert CREATING in passed(project.test(NAMES="added seeded"), 2).errors
    project.edit("shop/migrations/0002_added.py", "added", "edited")
    assert CREATING in passed(project.test(NAMES="edited seeded"), 2).errors
    (project.path / "shop/migrations/0002_added.py").unlink()
    assert CREATING in passed(project.test(), 2).errors
    assert CREATING in passed(project.test("--create-db"), 2).errors
    assert CREATING not in passed(project.test(), 2).errors

    # Nor can anything be relied on that may have been written to.
    project.write(PLAIN)
    passed(project.test("--parallel", "1"), 3)
    assert CREATING in passed(project.test("tests.test_items"), 2).errors
    # Workers write to their clones.
    project.write(FLUSHING)
    passed(project.test("--parallel", "2"), 4)
    assert CREATING not in passed(project.test("tests.test_items"), 2).errors


def test_not_kept_where_that_is_off(make_project, on_server_and_disk):
    settings, names = on_server_and_disk
    project = make_project(SHOP, settings + "CDDS['KEEPDB'] = False\n")
    passed(project.test("--parallel", "2"), 2)
    assert names() == []
    passed(project.test("--parallel", "2", "--keepdb"), 2)
    assert names() == ["test_x"]


def running(project, *arguments, marker, **environment):
    """Start a run, and wait until it made the file `marker`."""
    process = subprocess.Popen(
        project.command(*arguments),
        cwd=project.path,
        env=project.environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    until = time.monotonic() + 60
    while not (project.path / marker).exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)
    return process


WAITING = {
    "tests/test_waiting.py": """
import os
import pathlib
import time

from django.test import TestCase

from shop.models import Item


class WaitingTests(TestCase):
    def test_waits(self):
        pathlib.Path("waits").touch()
        until = time.monotonic() + 60
        while "WAIT" in os.environ and pathlib.Path("waits").exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        self.assertEqual(Item.objects.get().name, "seeded")
""",
}


def test_made_anew_after_a_killed_run(make_project, on_server_and_disk):
    settings, names = on_server_and_disk
    project = make_project({**SHOP, **WAITING}, settings)
    process = running(project, "--parallel", "1", marker="waits", WAIT="1")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for path in project.temporary.iterdir():
        subprocess.run(["rm", "-r", path], check=True)  # Nobody was left to do so.
    assert CREATING in passed(project.test(), 3).errors
    assert names() == ["test_x"]


def test_two_runs_at_once(make_project, on_server_and_disk):
    settings, names = on_server_and_disk
    project = make_project({**SHOP, **WAITING}, settings)
    first = running(project, "--parallel", "2", marker="waits", WAIT="1")
    command = project.command("--parallel", "2")
    second = subprocess.run(
        command[: command.index("--report-json")],
        cwd=project.path,
        env=project.environment(),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    (project.path / "waits").unlink()
    output, errors = first.communicate(timeout=60)
    assert second.stdout.endswith("3 passed, 0 failed\n"), second.stdout + second.stderr
    assert "Another test run" in second.stdout
    assert output.endswith("3 passed, 0 failed\n"), output + errors
    assert names() == ["test_x"]
    assert CREATING not in passed(project.test(), 3).errors


def test_another_checkout_on_the_same_server(make_project, postgres):
    settings = SETTINGS.format(databases={"default": postgres.database()})
    here = make_project(SHOP, settings)
    there = make_project(SHOP, settings, name="there")
    passed(here.test(), 2)
    there.write({"shop/migrations/0002_added.py": ADDED})
    passed(there.test("--noinput", NAMES="added seeded"), 2)
    # What lies under the name is not what this checkout left there.
    passed(here.test("--noinput"), 2)


def test_state_directory_that_cannot_be_written(make_project, on_disk):
    settings, names = on_disk
    project = make_project({**SHOP, "file": ""}, settings)
    run = passed(project.test("--noinput", "--parallel", "2", CDDS_STATE_DIR="file/below"), 2)
    assert names() == [], run.text


SEVERAL = {
    "tests/test_several.py": """
from django.db import connections
from django.test import TestCase, TransactionTestCase

from shop.models import Item


class BothTests(TestCase):
    databases = {"default", "other"}

    def test_apart(self):
        Item.objects.using("other").create(name="only there")
        self.assertEqual(Item.objects.using("default").count(), 1)
        self.assertEqual(Item.objects.using("other").count(), 2)

    def test_again(self):
        self.assertEqual(Item.objects.using("other").count(), 1)


class RollbackTests(TransactionTestCase):
    serialized_rollback = True

    def test_seeded(self):
        self.assertEqual(Item.objects.get().name, "seeded")
        Item.objects.all().delete()

    def test_seeded_again(self):
        self.assertEqual(Item.objects.get().name, "seeded")
""",
}

MIRRORED = {
    "tests/test_mirrored.py": """
from django.test import TransactionTestCase

from shop.models import Item


class ReplicaTests(TransactionTestCase):
    databases = {"default", "replica"}

    def test_mirror(self):
        Item.objects.create(name="here")
        self.assertTrue(Item.objects.using("replica").filter(name="here").exists())
""",
}


def test_several_databases(make_project, postgres):
    default = postgres.database()
    other = postgres.database(f"{postgres.name}_other")
    replica = {**postgres.database(), "TEST": {"MIRROR": "default"}}
    databases = {"default": default, "other": other, "replica": replica}
    files = {**SHOP, **SEVERAL, **MIRRORED}
    project = make_project(files, SETTINGS.format(databases=databases))
    for workers in ("3", "1"):
        passed(project.test("--parallel", workers), 7)
        assert postgres.names() == ["test_x", "test_x_other"]


def test_in_memory(make_project):
    memory = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    databases = {"default": memory, "other": memory}
    files = {**SHOP, **SEVERAL, **FLUSHING}
    project = make_project(files, SETTINGS.format(databases=databases))
    for workers in ("1", "3"):
        passed(project.test("--parallel", workers), 7)
    assert not list(project.path.glob("*sqlite*"))
    assert not (project.path / ".cdds").exists()


def test_worker_dies_on_a_server(make_project, postgres):
    deadly = """
import os

from django.test import TestCase

from shop.models import Item


class DeadlyTests(TestCase):
    def test_deadly(self):
        Item.objects.create(name="of the dead")
        os.kill(os.getpid(), 9)
"""
    settings = SETTINGS.format(databases={"default": postgres.database()})
    project = make_project({**SHOP, "tests/test_deadly.py": deadly}, settings)
    run = project.test("--parallel", "2")
    assert run.last_line == "2 passed, 1 failed", run.text
    assert run.ids("error") == ["DeadlyTests.test_deadly"]
    assert postgres.names() == ["test_x"]
