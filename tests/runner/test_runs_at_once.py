"""Two runs at once in one checkout don't meet in databases, caches, files or the map."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import RUNNER

FILES = {
    "shop/__init__.py": "",
    "shop/models.py": """
from django.db import models


class Item(models.Model):
    name = models.CharField(max_length=20)
""",
    "tests/__init__.py": "",
    "tests/test_apart.py": """
import os
import pathlib
import time

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TestCase, TransactionTestCase

from shop.models import Item

RUNS = ("first", "second")


def meet(place):
    # Wait until the other run is here, too.
    met = pathlib.Path(os.environ["MEETING"])
    (met / f"{place} {os.environ['RUN']}").touch()
    until = time.monotonic() + 60
    while not all((met / f"{place} {run}").exists() for run in RUNS):
        assert time.monotonic() < until, f"nobody else came to {place}"
        time.sleep(0.01)


class Apart:
    databases = {"default", "other"}

    def test_apart(self):
        own, name = os.environ["RUN"], type(self).__name__
        meet(f"{name} begins")
        ids = [Item.objects.using(alias).create(name=own).pk for alias in sorted(self.databases)]
        cache.set(f"item {ids[0]}", own)
        default_storage.save(f"{name}.txt", ContentFile(own))
        meet(f"{name} wrote")
        for alias in self.databases:
            self.assertEqual([item.name for item in Item.objects.using(alias).all()], [own])
        self.assertEqual(cache.get(f"item {ids[0]}"), own)
        self.assertTrue(default_storage.exists(f"{name}.txt"))
        meet(f"{name} read")
        if own == "first":
            cache.clear()
            Item.objects.all().delete()
            default_storage.delete(f"{name}.txt")
        meet(f"{name} cleared")
        kept = own == "second"
        self.assertEqual(cache.get(f"item {ids[0]}"), own if kept else None)
        self.assertEqual(Item.objects.count(), int(kept))
        self.assertEqual(default_storage.exists(f"{name}.txt"), kept)


class CommittedTests(Apart, TransactionTestCase):
    pass


class RolledBackTests(Apart, TestCase):
    pass
""",
}
SETTINGS = """
INSTALLED_APPS = ["shop"]
DATABASES = {databases!r}
REDIS = "django.core.cache.backends.redis.RedisCache"
CACHES = {{"default": {{"BACKEND": REDIS, "LOCATION": {url!r}}}}}
MEDIA_ROOT = "media"
"""


@pytest.fixture
def project(make_project, postgres, redis_url, tmp_path):
    test = {"NAME": str(tmp_path / "test_other.sqlite3")}
    other = {"ENGINE": "django.db.backends.sqlite3", "NAME": "other.sqlite3", "TEST": test}
    databases = {"default": postgres.database(), "other": other}
    return make_project(FILES, SETTINGS.format(databases=databases, url=redis_url))


def test_two_runs_at_once(project, redis_client, tmp_path):
    (tmp_path / "meeting").mkdir()
    command = [sys.executable, "manage.py", "test", "--parallel", "2", "--testrunner", RUNNER]
    runs = [
        subprocess.Popen(
            command,
            cwd=project.path,
            env=project.environment(RUN=name, MEETING=str(tmp_path / "meeting")),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name in ("first", "second")
    ]
    for run in runs:
        output, _ = run.communicate(timeout=100)
        assert output.endswith("2 passed, 0 failed\n"), output
    assert list(redis_client.scan_iter()) == []
    assert list(project.temporary.iterdir()) == []
    assert [path.name for path in tmp_path.glob("test_other*")] == []
    # Each has written the map; what is there is whole.
    run = project.test("--delta", "--explain", RUN="first", MEETING=str(tmp_path / "meeting"))
    assert (run.returncode, run.report["full_run_reason"]) == (0, None), run.text
    assert run.report["discovered"] == 2
