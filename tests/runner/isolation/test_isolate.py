"""Workers apart in caches, uploads and batch ids; nothing is left when they end."""

from __future__ import annotations

import pytest

TESTS = {
    "urls.py": """
from django.http import JsonResponse
from django.urls import path

urlpatterns = [path("batch/", lambda r: JsonResponse({"id": r.headers["X-Test-Batch-ID"]}))]
""",
    "tests/__init__.py": "",
    "tests/base.py": """
import os
import pathlib
import tempfile
import time

from django.conf import settings
from django.core.cache import cache, caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import SimpleTestCase


def meet(name):
    # Both workers are here at the same time.
    pathlib.Path(f"{name}.here").touch()
    until = time.monotonic() + 20
    while not all(pathlib.Path(f"{other}.here").exists() for other in "AB"):
        assert time.monotonic() < until
        time.sleep(0.01)


class CacheTests:
    def test_cache(self):
        self.assertIsNone(cache.get("key"), "of another worker, or of an earlier run")
        cache.set("key", self.name)
        cache.set("key", self.name, version=7)
        cache.incr("count", 1) if cache.add("count", 0) else None
        meet(self.name)
        if self.name == "A":
            cache.clear()
            self.assertIsNone(cache.get("key"))
            self.assertIsNone(cache.get("key", version=7))
            pathlib.Path("cleared").touch()
            return
        until = time.monotonic() + 20
        while not pathlib.Path("cleared").exists():
            assert time.monotonic() < until
        self.assertEqual(cache.get("key"), "B")
        self.assertEqual(cache.get("key", version=7), "B")
        self.assertEqual(caches["other"].get("foreign"), None)

    def test_media(self):
        name = default_storage.save("same.txt", ContentFile(self.name.encode()))
        self.assertEqual(name, "same.txt")
        pathlib.Path(f"{self.name}.media").write_text(str(settings.MEDIA_ROOT))

    def test_batch(self):
        own = os.environ["TEST_BATCH_ID"]
        self.assertEqual(self.client.get("/batch/").json(), {"id": own})
        other = self.client.get("/batch/", headers={"X-Test-Batch-ID": "mine"})
        self.assertEqual(other.json(), {"id": "mine"})

    async def test_async_batch(self):
        answer = await self.async_client.get("/batch/")
        self.assertEqual(answer.json(), {"id": os.environ["TEST_BATCH_ID"]})
        pathlib.Path(f"{self.name}.batch").write_text(os.environ["TEST_BATCH_ID"])
""",
    **{
        f"tests/test_{name.lower()}.py": f"""
from django.test import SimpleTestCase

from tests.base import CacheTests


class {name}Tests(CacheTests, SimpleTestCase):
    name = "{name}"
"""
        for name in "AB"
    },
}

SETTINGS = """
MEDIA_ROOT = "uploads"
CACHES = {{"default": {backend}, "other": {backend}}}
CDDS = {{"RECORD": False}}
"""
URLS = 'ROOT_URLCONF = "urls"\n'


def settings(backend):
    return SETTINGS.format(backend=backend)


def check_two_workers(project):
    """Run the tests on two workers, each of which sees only what is its own."""
    project.write({"settings.py": (project.path / "settings.py").read_text() + URLS})
    run = project.test("--parallel", "2")
    assert (run.returncode, run.last_line) == (0, "8 passed, 0 failed"), run.text
    media = {(project.path / f"{name}.media").read_text() for name in "AB"}
    assert len(media) == 2
    assert not (project.path / "uploads").exists()
    batches = {(project.path / f"{name}.batch").read_text() for name in "AB"}
    assert batches == {test["batch_id"] for test in run.report["tests"]}
    assert len(batches) == 2


def test_memory(make_project):
    backend = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    check_two_workers(make_project(TESTS, settings(backend)))


def test_files(make_project):
    project = make_project(
        TESTS,
        settings(
            {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "cached"}
        ),
    )
    check_two_workers(project)
    # Django's system checks make the directory.
    assert not list((project.path / "cached").iterdir())


@pytest.mark.parametrize(
    "backend", ["django.core.cache.backends.redis.RedisCache", "django_redis.cache.RedisCache"]
)
@pytest.mark.parametrize("prefix", ["", "shop*"])
def test_redis(make_project, redis_url, redis_client, backend, prefix):
    if backend.startswith("django_redis"):
        pytest.importorskip("django_redis")
    redis_client.set("foreign", "kept")
    redis_client.set(":1:key", "of the real site")
    config = {"BACKEND": backend, "LOCATION": redis_url, "KEY_PREFIX": prefix}
    project = make_project(TESTS, settings(config))
    check_two_workers(project)
    assert sorted(redis_client.keys()) == [b":1:key", b"foreign"], "nothing else is left"


def test_redis_after_a_worker_died(make_project, redis_url, redis_client):
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
    project = make_project(
        {
            "tests/__init__.py": "",
            "tests/test_deadly.py": """
import os

from django.core.cache import cache
from django.test import SimpleTestCase


class DeadlyTests(SimpleTestCase):
    def test_a(self):
        assert cache.add("key", 1)
        os.kill(os.getpid(), 9)


class OtherTests(SimpleTestCase):
    def test_b(self):
        assert cache.add("other", 1)

    def test_c(self):
        assert cache.add("key", 1)
""",
        },
        settings(backend),
    )
    run = project.test("--parallel", "2")
    assert run.passed == ["OtherTests.test_b", "OtherTests.test_c"], run.text
    assert redis_client.keys() == []


def test_sequential(make_project, redis_url, redis_client):
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
    project = make_project(
        {
            "tests/__init__.py": "",
            "tests/test_one.py": """
import os

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import SimpleTestCase


class OneTests(SimpleTestCase):
    def test_one(self):
        cache.set("key", 1)
        default_storage.save("one.txt", ContentFile(b"1"))
        self.assertIn("TEST_BATCH_ID", os.environ)
""",
        },
        settings(backend),
    )
    assert project.test("--parallel", "1").last_line == "1 passed, 0 failed"
    assert redis_client.keys() == []
    assert not (project.path / "uploads").exists()


def test_switched_off(make_project):
    project = make_project(
        {
            "tests/__init__.py": "",
            "tests/test_one.py": """
from django.conf import settings
from django.test import SimpleTestCase


class OneTests(SimpleTestCase):
    def test_one(self):
        self.assertEqual(settings.CACHES["default"].get("KEY_PREFIX"), None)
        self.assertEqual(settings.MEDIA_ROOT, "uploads")
        self.assertNotIn("MD5", settings.PASSWORD_HASHERS[0])
""",
        },
        """
MEDIA_ROOT = "uploads"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CDDS = {"ISOLATE_CACHES": False, "ISOLATE_MEDIA": False, "FAST_HASHER": False, "RECORD": False}
""",
    )
    assert project.test().last_line == "1 passed, 0 failed"
