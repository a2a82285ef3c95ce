"""A real run on two Dask workers, one of which goes away."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytest.importorskip("distributed")

FILES = {
    "shop/__init__.py": "",
    "shop/prices.py": "def gross(net):\n    return net * 2\n",
    "shop/stock.py": "def left(number):\n    return number - 1\n",
    "tests/__init__.py": "",
    "tests/test_shop.py": """
import os
import signal
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import TestCase

from shop.prices import gross


class PriceTests(TestCase):
    def test_gross(self):
        if Path("wait").exists():
            Path("waiting").touch()
            time.sleep(60)
        self.assertEqual(gross(2), 4)

    def test_wrong(self):
        self.assertEqual(gross(2), 5)


class StockTests(TestCase):
    def test_left(self):
        from shop.stock import left

        self.assertEqual(left(2), 1)

    def test_alone(self):
        self.assertEqual(settings.GREETING, "hi")
        for number in range(20):
            self.assertEqual(Group.objects.count(), number)
            Group.objects.create(name=f"g{number}")
            self.assertIsNone(cache.get("name"))
        cache.set("name", 1)


class CrashTests(TestCase):
    def test_crash(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def test_later(self):
        pass


class VanishingTests(TestCase):
    def test_machine_goes_away(self):
        self.assertTrue(os.environ["TEST_BATCH_ID"])
        first = Path("vanished")
        if not first.exists():
            first.touch()
            # The process that Dask runs started the host, which forked this process.
            host = Path(f"/proc/{os.getppid()}/stat").read_text().rpartition(")")[2].split()
            os.kill(int(host[1]), signal.SIGKILL)
            time.sleep(60)
""",
}

SETTINGS = """
import os

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
GREETING = os.environ.get("GREETING_HERE", "hello")
CDDS = {"CLUSTER_OWN": ["GREETING_HERE"]}
"""


@contextmanager
def dask(project, *workers: dict[str, str]) -> Iterator[str]:
    """Start a scheduler and workers, each with these further variables; yield the address."""
    directory = project.path.parent / "dask"
    directory.mkdir()
    address_file = directory / "scheduler.json"
    shared = ["--scheduler-file", str(address_file), "--no-dashboard"]
    commands = [["scheduler", "--host", "127.0.0.1", "--port", "0"]]
    commands += [
        ["worker", "--no-nanny", "--nthreads", "1", "--local-directory", str(directory / "w")]
        for _ in workers
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + command[0], *command[1:], *shared],
            cwd=project.path,
            env={**project.environment(), "TMPDIR": str(directory), **more},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command, more in zip(commands, ({}, *workers), strict=True)
    ]
    try:
        until = time.monotonic() + 60
        while not address_file.exists() or not (text := address_file.read_text()).endswith("}"):
            assert time.monotonic() < until
            time.sleep(0.05)
        yield text.partition('"address": "')[2].partition('"')[0]
    finally:
        for process in processes:
            process.kill()  # Faster than to say goodbye to each other.
            process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_all_that_one_machine_would_have_done(make_project):
    project = make_project(FILES, SETTINGS)
    there = {"GREETING_HERE": "hi"}
    with dask(project, there, there) as address:
        run = project.test("--cluster", address)
        assert run.returncode == 1, run.text
        assert run.last_line == "5 passed, 2 failed"
        assert run.ids("failed") == ["PriceTests.test_wrong"]
        assert run.ids("error") == ["CrashTests.test_crash"]
        assert "The worker process died (SIGKILL" in run.errors
        assert "is gone. Its tests run elsewhere." in run.errors
        assert "Traceback (most recent call last):\n  File" in run.errors, "of the failed test"
        tests = run.report["tests"]
        assert {test["worker"] for test in tests} <= {1, 2}
        # Which place runs what is a matter of time, so that one may have run all of them.
        assert all(test["batch_id"].split("-")[1] == str(test["worker"]) for test in tests)
        dead = {test["batch_id"] for test in tests if test["outcome"] == "error"}
        later = {test["batch_id"] for test in tests if test["id"].endswith("test_later")}
        assert dead != later, "a new process ran what was left"

        # What ran there is known here.
        project.edit("shop/stock.py", "number - 1", "number - 2 + 1")
        delta = project.test("--delta", "--parallel", "1", "-k", "Stock", "-k", "Price")
        assert delta.passed == ["StockTests.test_left"], delta.text
        assert delta.ids("not_selected") == ["PriceTests.test_gross"]
        assert "Not the same on all machines: setting GREETING. " in run.errors
        assert delta.ids("failed") == ["PriceTests.test_wrong", "StockTests.test_alone"]
        assert_hosts_end_with_their_client(project, address)
    assert not [path for path in temporary(project).iterdir() if path.name.startswith("cdds")]


def assert_hosts_end_with_their_client(project, address):
    """Dask lets go of what a client wanted when the client is gone."""
    (project.path / "wait").touch()
    client = subprocess.Popen(
        project.command("--cluster", address, "-k", "gross", "--no-record"),
        cwd=project.path,
        env=project.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not (project.path / "waiting").exists():
        assert client.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    client.kill()
    client.wait()
    while any(path.name.startswith("cdds-host") for path in temporary(project).iterdir()):
        assert time.monotonic() < until
        time.sleep(0.05)
    for path in project.temporary.iterdir():
        shutil.rmtree(path)  # Nobody is left to do so.


def temporary(project):
    return project.path.parent / "dask"
