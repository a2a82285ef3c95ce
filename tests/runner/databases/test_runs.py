"""Whole runs: a template is used while it is right, in forks that no two runs share."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest

from .conftest import SETTINGS, SHOP, made, passed

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

ADDED = """
from django.db import migrations


def seed(apps, schema_editor):
    apps.get_model("shop", "Item").objects.create(name="added")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunPython(seed)]
"""


@pytest.mark.parametrize("kind", ["server", "memory"])
def test_used_while_it_is_right(make_project, request, kind):
    place = request.getfixturevalue(kind)
    project = make_project(SHOP, place.settings)
    assert made(passed(project.test("--parallel", "1"), 2))
    assert place.kinds().count("template") == 1
    # Unchanged: used again, by one process and by workers on forks of their own.
    assert not made(passed(project.test("--parallel", "2"), 2))
    used = {(project.path / f"{n}.database").read_text() for n in "ab"}
    assert len(used) == 2 or used == {"file:memorydb_default?mode=memory&cache=shared"}

    # A migration that is new: made from it, without anybody being asked.
    project.write({"shop/migrations/0002_added.py": ADDED, **FLUSHING, **PLAIN})
    added = {"NAMES": "added seeded"}
    assert made(passed(project.test("--parallel", "1", **added), 4))
    assert place.kinds().count("template") == 2
    # What was written is gone, in this process and in workers.
    assert not made(passed(project.test("--parallel", "2", **added), 4))
    if kind == "memory":
        return
    assert not made(passed(project.test("--parallel", "1", "--reverse", **added), 4))
    # And back on the former branch: that state is known.
    (project.path / "shop/migrations/0002_added.py").unlink()
    assert not made(passed(project.test("--parallel", "1"), 4))
    assert made(passed(project.test("--parallel", "1", "--create-db"), 4))


def test_not_kept_where_that_is_off(make_project, server):
    project = make_project(SHOP, server.settings + "CDDS['KEEPDB'] = False\n")
    passed(project.test("--parallel", "2"), 2)
    assert server.kinds() == []
    passed(project.test("--parallel", "2", "--keepdb"), 2)
    assert "template" in server.kinds()


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

from django.test import TransactionTestCase

from shop.models import Item


class WaitingTests(TransactionTestCase):
    def test_waits(self):
        self.assertEqual(Item.objects.get().name, "seeded")
        Item.objects.create(name="of a test")
        pathlib.Path("waits").touch()
        until = time.monotonic() + 300
        while "WAIT" in os.environ and pathlib.Path("waits").exists():
            assert time.monotonic() < until
            time.sleep(0.05)
""",
}


def test_runs_at_once_and_runs_that_are_killed(make_project, server):
    settings = server.settings.replace('["shop"]', '["shop", "cdds_django"]')
    project = make_project({**SHOP, **WAITING}, settings)
    first = running(project, "--parallel", "2", marker="waits", WAIT="1")
    # Beside another one: the template that it made, other forks.
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
    assert second.stdout.endswith("3 passed, 0 failed\n"), second.stdout + second.stderr
    assert "Using existing" in second.stderr
    assert server.kinds() == ["fork"] * 4 + ["template"]
    # In use: nothing goes while it is.
    listing = project.manage("test_databases", "--prune", "--all").stdout
    assert "Removed 2." in listing, listing
    first.send_signal(signal.SIGKILL)
    first.communicate()
    for path in project.temporary.iterdir():
        subprocess.run(["rm", "-r", path], check=True)  # Nobody was left to do so.
    # What the killed run was in the middle of is taken back.
    assert not made(passed(project.test("--parallel", "2"), 3))
    assert server.kinds() == ["fork"] * 2 + ["template"]


def test_killed_while_a_template_is_made(make_project, server):
    waits = """
import os
import pathlib
import time

NAMES = ["seeded"]


def seed(apps, schema_editor):
    if "WAIT" in os.environ:
        pathlib.Path("waits").touch()
        time.sleep(300)
    apps.get_model("shop", "Item").objects.create(name="seeded")
"""
    project = make_project({**SHOP, "shop/seeds.py": waits}, server.settings)
    process = running(project, "--parallel", "1", marker="waits", WAIT="1")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for path in project.temporary.iterdir():
        subprocess.run(["rm", "-r", path], check=True)
    assert "template" not in server.kinds()
    assert made(passed(project.test("--parallel", "1"), 2))
    assert not [name for name in server.names() if "new" in name], server.names()


def test_another_checkout_on_the_same_server(make_project, server):
    here = make_project(SHOP, server.settings)
    there = make_project(SHOP, server.settings, name="there")
    passed(here.test("--parallel", "1"), 2)
    # The same state: nothing to be made. Another one: both stay.
    assert not made(passed(there.test("--parallel", "1"), 2))
    there.write({"shop/migrations/0002_added.py": ADDED})
    assert made(passed(there.test("--parallel", "1", "--noinput", NAMES="added seeded"), 2))
    assert not made(passed(here.test("--parallel", "1", "--noinput"), 2))
    # The least recently used goes.
    here.write({"settings.py": (here.path / "settings.py").read_text() + "CDDS['MAX_TEMPLATES']=1"})
    here.write({"shop/migrations/0002_more.py": ADDED.replace("added", "more")})
    assert made(passed(here.test("--parallel", "1", "--noinput", NAMES="more seeded"), 2))
    assert server.kinds().count("template") == 1


def test_state_directory_that_cannot_be_written(make_project, disk):
    project = make_project({**SHOP, "file": ""}, disk.settings)
    run = passed(project.test("--noinput", "--parallel", "2", CDDS_STATE_DIR="file/below"), 2)
    assert disk.kinds() == [], run.text


def test_worker_dies(make_project, server):
    deadly = """
import os

from django.test import TransactionTestCase

from shop.models import Item


class DeadlyTests(TransactionTestCase):
    def test_deadly(self):
        Item.objects.create(name="of the dead")
        os.kill(os.getpid(), 9)
"""
    project = make_project({**SHOP, "tests/test_deadly.py": deadly}, server.settings)
    run = project.test("--parallel", "2")
    assert run.last_line == "2 passed, 1 failed", run.text
    assert run.ids("error") == ["DeadlyTests.test_deadly"]


SPAWN = """
import multiprocessing
multiprocessing.set_start_method("spawn", force=True)
"""


@pytest.mark.parametrize("kind", ["server", "memory"])
def test_spawned_workers(make_project, request, kind):
    files = {**SHOP, **FLUSHING, **PLAIN}
    project = make_project(files, request.getfixturevalue(kind).settings + SPAWN)
    passed(project.test("--parallel", "2"), 4)


def test_role_that_may_not_create_databases(make_project, server, postgres):
    role = f"{postgres.name}_role"
    test = f"test_{postgres.name}"
    postgres.connection.execute(f'CREATE ROLE "{role}" LOGIN')
    try:
        postgres.connection.execute(f'CREATE DATABASE "{test}" OWNER "{role}"')
        entry = {**server.entry, "USER": role}
        project = make_project(SHOP, SETTINGS.format(databases={"default": entry}))
        # As Django has it, in the database that somebody made.
        passed(project.test("--parallel", "1", "--keepdb"), 2)
        run = project.test("--parallel", "2", "--keepdb")
        assert (run.returncode, "CREATEDB" in run.errors) == (2, True), run.text
    finally:
        postgres.drop_all()
        postgres.connection.execute(f'DROP ROLE "{role}"')
