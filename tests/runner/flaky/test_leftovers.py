"""What outlives a test is told: rows, cache keys, files, threads, settings, connections."""

from __future__ import annotations

UNTIDY = {
    "tests/__init__.py": "",
    "tests/test_untidy.py": """
import os
import pathlib
import socket
import tempfile
import threading

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import SimpleTestCase, TestCase

END = threading.Event()
KEPT = []


class TidyTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        ContentType.objects.create(app_label="tidy", model="tidy")

    def test_rows(self):
        ContentType.objects.create(app_label="a", model="b")
        with self.settings(DEBUG=True):
            cache.set("a", 1)
            cache.delete("a")


class UntidyTests(SimpleTestCase):
    databases = {"default"}

    def test_cache_key(self):
        cache.set("token", 1)

    def test_cache_key_changed(self):
        # Both in one worker: the tests of a class run in a row.
        cache.set("token", 2)

    def test_connection(self):
        server = socket.create_server(("127.0.0.1", 0))
        KEPT.append((server, socket.create_connection(server.getsockname())))

    def test_environment(self):
        os.environ["LEFT"] = "1"

    def test_file(self):
        pathlib.Path("left.txt").touch()
        tempfile.mkdtemp()
        open(tempfile.mkstemp()[1], "w").close()

    def test_rows(self):
        ContentType.objects.create(app_label="a", model="b")
        ContentType.objects.create(app_label="a", model="c")

    def test_rows_changed(self):
        ContentType.objects.filter(model="b").update(model="d")

    def test_setting(self):
        settings.SITE_NAMES.append("left")

    def test_thread(self):
        threading.Thread(target=END.wait, name="waiter", daemon=True).start()

    test_thread_again = test_thread
""",
}
SETTINGS = """
INSTALLED_APPS = ["django.contrib.contenttypes"]
SITE_NAMES = []
"""


def test_leftovers(make_project):
    project = make_project(UNTIDY, SETTINGS)
    run = project.test("--parallel", "2", "--check-leftovers")
    assert (run.returncode, run.last_line) == (0, "11 passed, 0 failed"), run.text
    by_id = {test["id"]: test["leftovers"] for test in run.report["tests"]}
    left = {test.rpartition(".")[2]: lines for test, lines in by_id.items()}
    # The other worker may make its file in the common working directory meanwhile.
    assert {*by_id["tests.test_untidy.TidyTests.test_rows"]} <= {"file left.txt"}
    assert by_id["tests.test_untidy.UntidyTests.test_rows"] == [
        "+2 rows in default.django_content_type"
    ]
    assert left["test_rows_changed"] == ["other rows in default.django_content_type"]
    assert left["test_cache_key"] == ["cache key :1:token in default"]
    assert left["test_cache_key_changed"] == ["cache key :1:token in default changed"]
    assert left["test_environment"] == ["variable LEFT changed"]
    assert left["test_setting"] == ["setting SITE_NAMES changed"]
    assert left["test_thread"] == left["test_thread_again"] == ["thread waiter"]
    assert [line for line in left["test_file"] if line == "file left.txt"]
    assert len(left["test_file"]) == 2
    assert any(line.startswith("open connection to 127.0.0.1:") for line in left["test_connection"])
    number = 10 + bool(by_id["tests.test_untidy.TidyTests.test_rows"])
    assert f"Left behind by {number} tests:\n" in run.output
    assert "test_thread: thread waiter\n" in run.output
