"""Workers apart in caches, uploads and batch ids; nothing is left when they end."""

from __future__ import annotations

import socket

import pytest

TESTS = {
    "urls.py": """
from django.http import JsonResponse
from django.urls import path

urlpatterns = [path("batch/", lambda r: JsonResponse({"id": r.headers["X-Test-Batch-ID"]}))]
""",
    "kept.py": "from django.core.cache import caches\n\nkept = caches['default']\n",
    "tests/__init__.py": "",
    "tests/base.py": """
import os
import pathlib
import tempfile
import time
from importlib import import_module

from django.conf import settings
from django.core.cache import cache, caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import SimpleTestCase


def meet(name):
    # Both workers are here at the same time.
    pathlib.Path(f"{name}.here").touch()
    until = time.monotonic() + 20
    while not all(pathlib.Path(f"{other}{name[1:]}.here").exists() for other in "AB"):
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

    def test_cache_that_a_module_kept(self):
        # Both workers use the same key in an object that was made before they were.
        from kept import kept

        self.assertIsNone(kept.get("kept"))
        kept.set("kept", self.name)
        meet(self.name + "2")
        self.assertEqual(kept.get("kept"), self.name)

    def test_session(self):
        engine = import_module("django.contrib.sessions.backends.cache")
        session = engine.SessionStore()
        self.assertFalse(session.exists("a" * 32))
        session["name"] = self.name
        session._session_key = "a" * 32
        session.save(must_create=True)
        meet(self.name + "3")
        self.assertEqual(engine.SessionStore("a" * 32)["name"], self.name)

    def test_temporary_files(self):
        directory = pathlib.Path(tempfile.gettempdir())
        self.assertEqual(list(directory.iterdir()), [])
        self.assertEqual(os.environ["TMPDIR"], str(directory))
        (directory / "left").touch()

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

import kept
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
    assert (run.returncode, run.last_line) == (0, "14 passed, 0 failed"), run.text
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
def test_redis(make_project, redis_url, redis_client, backend):
    prefix = "shop*" if backend.startswith("django_redis") else ""
    if backend.startswith("django_redis"):
        pytest.importorskip("django_redis")
    redis_client.set("foreign", "kept")
    redis_client.set(":1:key", "of the real site")
    config = {"BACKEND": backend, "LOCATION": redis_url, "KEY_PREFIX": prefix}
    project = make_project(TESTS, settings(config))
    check_two_workers(project)
    assert sorted(redis_client.keys()) == [b":1:key", b"foreign"], "nothing else is left"


def test_memcached(make_project, memcached):
    backend = "django.core.cache.backends.memcached.PyMemcacheCache"
    config = {"BACKEND": backend, "LOCATION": memcached, "KEY_PREFIX": "shop"}
    check_two_workers(make_project(TESTS, settings(config)))


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


LIVE = {
    "urls.py": "urlpatterns = []\n",
    "tests/__init__.py": "",
    "tests/test_live.py": """
import os
import urllib.error
import urllib.request

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.test import LiveServerTestCase

from tests.meeting import meet


class LiveTests:
    port = int(os.environ["PORT"])

    def test_both_servers(self):
        meet(self.name)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(self.live_server_url)
        self.assertEqual(caught.exception.code, 404)

    def test_mails(self):
        backend = EmailBackend(file_path=settings.EMAIL_FILE_PATH)
        backend.send_messages([EmailMessage("Hello", to=["a@example.com"])])
        backend.close()
        self.assertEqual(len(os.listdir(settings.EMAIL_FILE_PATH)), 1)


class ALiveTests(LiveTests, LiveServerTestCase):
    name = "A"


class BLiveTests(LiveTests, LiveServerTestCase):
    name = "B"
""",
    "tests/meeting.py": """
import pathlib
import time


def meet(name):
    pathlib.Path(f"{name}.here").touch()
    until = time.monotonic() + 20
    while not all(pathlib.Path(f"{other}.here").exists() for other in "AB"):
        assert time.monotonic() < until
        time.sleep(0.01)
""",
}


LIVE_SETTINGS = """
STATIC_URL = "/static/"
EMAIL_FILE_PATH = "mails"
CDDS = {"RECORD": False}
"""


def test_live_servers_and_mails(make_project):
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    project = make_project(LIVE, URLS + LIVE_SETTINGS)
    run = project.test("--parallel", "2", PORT=str(port))
    assert (run.returncode, run.last_line) == (0, "4 passed, 0 failed"), run.text
    assert not (project.path / "mails").exists()


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
