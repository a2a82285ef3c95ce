"""A test that runs too long fails, named, with the place where it was, and the run goes on."""

from __future__ import annotations

import shutil
import subprocess
import time

SLOW = {
    "tests/__init__.py": "",
    "tests/test_slow.py": """
import ctypes
import signal
import time

from django.test import SimpleTestCase, TestCase


def wait_for_a_signal():
    time.sleep(300)


class SlowTests(TestCase):
    def test_a_quick(self):
        pass

    def test_b_waits(self):
        wait_for_a_signal()

    def test_c_catches_everything_and_passes(self):
        try:
            time.sleep(300)
        except Exception:
            pass

    def test_d_is_in_c_code(self):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        ctypes.PyDLL(None).sleep(300)

    def test_e_later(self):
        pass


class SetUpTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        time.sleep(300)

    def test_never(self):
        pass


class OtherTests(SimpleTestCase):
    def test_other(self):
        pass
""",
}


def test_limit(make_project):
    project = make_project(SLOW)
    began = time.monotonic()
    run = project.test("--parallel", "2", "--timeout", "0.7", "--no-record")
    assert time.monotonic() - began < 60
    assert run.returncode == 1
    assert run.passed == [
        "OtherTests.test_other",
        "SlowTests.test_a_quick",
        "SlowTests.test_e_later",
    ]
    assert run.ids("error") == ["SetUpTests.test_never"], run.text
    assert run.ids("failed") == [
        f"SlowTests.test_{name}"
        for name in ("b_waits", "c_catches_everything_and_passes", "d_is_in_c_code")
    ]
    # Where each was.
    assert "in wait_for_a_signal\n    time.sleep(300)" in run.errors
    assert "FAIL: test_d_is_in_c_code" in run.errors
    assert "it went on after its time limit of 0.7 s and was ended" in run.errors
    assert 'test_slow.py", line 28 in test_d_is_in_c_code' in run.errors
    assert "manage.py" not in run.errors
    assert run.errors.count("ran longer than the time limit of 0.7 s.") == 3


def test_one_process_that_may_not_have_workers(make_project):
    project = make_project(SLOW)
    project.write({"tests/__init__.py": NO_CLONES})
    run = project.test("--timeout", "0.5", "--no-record", "-k", "*SlowTests.test_[abce]*")
    assert run.ids("failed") == [
        "SlowTests.test_b_waits",
        "SlowTests.test_c_catches_everything_and_passes",
    ]
    assert len(run.passed) == 2, run.text
    # Nobody else can end this process, so it ends itself.
    ended = subprocess.run(
        project.command("--timeout", "0.3", "--no-record", "-k", "test_d_is_in_c_code"),
        cwd=project.path,
        env=project.environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 1
    assert "in test_d_is_in_c_code" in ended.stderr
    shutil.rmtree(project.temporary)  # Nobody was left to do so.
    project.temporary.mkdir()


NO_CLONES = """
from django.db import connection

type(connection.features).can_clone_databases = False
"""
