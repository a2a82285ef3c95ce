"""Workers that die, a run that is stopped, and what both leave behind: nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

DEATHS = {
    # What the test started goes with the worker; else the run's output would stay open.
    "kill": "subprocess.Popen(['sleep', '300']), os.kill(os.getpid(), 9)",
    "exit": "os._exit(0)",
    "fault": "ctypes.string_at(0)",
}


def suite(**deaths):
    """Return a test module in which workers die at the places given."""
    at = {"module": "", "set_up": "", "test": "pass", "tear_down": "", **deaths}
    return {
        "tests/__init__.py": "",
        "tests/test_deadly.py": f"""
import ctypes
import os
import subprocess

from django.test import SimpleTestCase, TestCase


def setUpModule():
    {at["module"] or "pass"}


class DeadlyTests(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        {at["set_up"] or "pass"}

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        {at["tear_down"] or "pass"}

    def test_before(self):
        pass

    def test_deadly(self):
        {at["test"]}

    def test_later(self):
        pass
""",
        "tests/test_others.py": """
from django.core.cache import cache
from django.test import SimpleTestCase


class FirstTests(SimpleTestCase):
    def test_one(self):
        cache.set("key", 1)

    def test_two(self):
        pass


class SecondTests(SimpleTestCase):
    def test_one(self):
        pass
""",
    }


ON_DISK = """
DATABASES["default"]["TEST"] = {"NAME": BASE / "test.sqlite3"}
CDDS = {"KEEPDB": False}
"""
BASE = "from pathlib import Path\nBASE = Path(__file__).parent\n"
OTHERS = ["FirstTests.test_one", "FirstTests.test_two", "SecondTests.test_one"]


def processes_in(path):
    """Return the processes whose working directory is `path`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").resolve() == path.resolve():
                found.append(entry.name)
        except OSError:
            continue
    return found


def assert_nothing_left(project):
    assert not processes_in(project.path)
    assert not list(project.path.glob("*.sqlite3"))


@pytest.mark.parametrize("death", DEATHS)
def test_worker_dies_in_a_test(make_project, death):
    project = make_project(suite(test=DEATHS[death]), BASE + ON_DISK)
    run = project.test("--parallel", "2")
    assert run.returncode == 1
    assert run.ids("error") == ["DeadlyTests.test_deadly"]
    assert run.passed == sorted(["DeadlyTests.test_before", "DeadlyTests.test_later", *OTHERS])
    assert run.last_line == "5 passed, 1 failed"
    assert "ERROR: test_deadly (tests.test_deadly.DeadlyTests.test_deadly)" in run.errors
    ending = {
        "kill": "SIGKILL, as the system sends when memory runs out",
        "exit": "exit status 0",
        "fault": "SIGSEGV",
    }[death]
    assert f"The worker process died ({ending}) while it was running tests.test_" in run.errors
    assert ("in test_deadly\n" in run.errors) == (death == "fault"), "the stack of a crash"
    victim = next(test for test in run.report["tests"] if test["outcome"] == "error")
    assert (victim["attempts"], victim["worker"] in (1, 2)) == (1, True)
    assert victim["batch_id"], "as mocks of other services know what it asked them"
    assert_nothing_left(project)

    # What died runs again, and only that.
    project.edit("tests/test_deadly.py", DEATHS[death], "self.assertTrue(True)")
    again = project.test("--delta", "--parallel", "2")
    assert again.passed == ["DeadlyTests.test_deadly"]
    assert again.returncode == 0


def test_what_was_handed_over_is_not_run_again(make_project):
    project = make_project(suite(test=DEATHS["exit"]))
    project.write(
        {"tests/__init__.py": "from cdds_django.runner.pool import outbox\noutbox._PART_S = 0.0\n"}
    )
    project.edit("tests/test_deadly.py", "def test_before(self):", BEFORE)
    run = project.test("--parallel", "2")
    assert run.ids("error") == ["DeadlyTests.test_deadly"], run.text
    assert len(run.passed) == 5
    assert (project.path / "before").read_text() == "x"
    # It is recorded as well.
    project.edit("tests/test_deadly.py", "os._exit(0)", "pass")
    again = project.test("--delta", "--parallel", "1")
    assert again.passed == ["DeadlyTests.test_deadly"], again.text


BEFORE = """def test_before(self):
        open("before", "a").write("x")
"""


def test_under_spawn(make_project):
    project = make_project(suite(test=DEATHS["fault"]), is_cold=True)
    project.edit(
        "manage.py",
        "    execute_from",
        "    import multiprocessing as m\n    m.set_start_method('spawn')\n    execute_from",
    )
    run = project.test("--parallel", "2", "--no-record")
    assert run.ids("error") == ["DeadlyTests.test_deadly"], run.text
    assert run.passed == sorted(["DeadlyTests.test_before", "DeadlyTests.test_later", *OTHERS])
    assert "in test_deadly\n" in run.errors
    assert_nothing_left(project)

    project.edit("tests/test_others.py", "class SecondTests", UNPICKLABLE)
    refused = project.test("--parallel", "2", "--no-record")
    assert refused.returncode == 2
    assert "The tests of tests.test_others.OddTests can't be sent to a worker: " in refused.errors
    assert "or pass --parallel=1." in refused.errors
    assert "." not in refused.errors.partition("CommandError")[0].splitlines(), "nothing ran"


UNPICKLABLE = """class OddTests(SimpleTestCase):
    def __init__(self, *args):
        super().__init__(*args)
        self.callback = lambda: 1

    def test_odd(self):
        pass


class SecondTests"""


@pytest.mark.parametrize("place", ["set_up", "module", "tear_down"])
def test_worker_dies_in_a_fixture(make_project, place):
    project = make_project(suite(**{place: DEATHS["kill"]}))
    run = project.test("--parallel", "2", "--no-record")
    assert run.returncode == 1
    assert run.passed == OTHERS
    assert run.ids("error") == [
        f"DeadlyTests.test_{name}" for name in ("before", "deadly", "later")
    ]
    name = {
        "set_up": "setUpClass (tests.test_deadly.DeadlyTests)",
        "module": "setUpModule (tests.test_deadly)",
        "tear_down": "tearDownClass (tests.test_deadly.DeadlyTests)",
    }[place]
    assert f"ERROR: {name}" in run.errors
    assert run.last_line == "3 passed, 3 failed"
    assert_nothing_left(project)


def test_workers_that_never_get_to_a_test(make_project):
    project = make_project(
        {
            **suite(),
            "doomed.py": """
import os
from django.apps import AppConfig

PARENT = os.getpid()


class Doomed(AppConfig):
    name = "doomed"

    def ready(self):
        os.register_at_fork(after_in_child=lambda: os._exit(1) if "CDDS" in os.environ else None)
""",
        },
        'INSTALLED_APPS = ["doomed.Doomed"]\n',
    )
    run = project.test("--parallel", "2", "--no-record", CDDS="1")
    assert run.returncode == 2
    assert "Worker processes die before they run a test (exit status 1)." in run.errors
    assert "Traceback" not in run.errors


SLOW = {
    "tests/__init__.py": "",
    "tests/test_slow.py": """
import os
import pathlib
import time

from django.test import SimpleTestCase, TestCase


def wait(name):
    pathlib.Path(f"{name}.running").touch()
    time.sleep(float(os.environ["SECONDS"]))


class FirstTests(TestCase):
    def test_a(self):
        pass

    def test_b(self):
        wait("first")

    def test_c(self):
        pass


class SecondTests(TestCase):
    def test_a(self):
        wait("second")

    def test_b(self):
        pass


class ThirdTests(SimpleTestCase):
    def test_a(self):
        pass
""",
}


def interrupted(project, *arguments, wait_for, signals=1, seconds="1.5", to_all=True):
    """Run tests, press Ctrl-C as soon as all the files `wait_for` are there; return the run."""
    # What a shell runs in the background ignores Ctrl-C, and so would whatever that starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        project.command(*arguments),
        cwd=project.path,
        env=project.environment(SECONDS=seconds),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while not all((project.path / f"{name}.running").exists() for name in wait_for):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)
    for _ in range(signals):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.4)
    output, errors = process.communicate(timeout=60)
    return project.finished(process.returncode, output, errors)


@pytest.mark.parametrize("workers", [1, 2])
def test_first_ctrl_c_lets_running_tests_end(make_project, workers):
    project = make_project(SLOW, BASE + ON_DISK)
    names = ["first"] if workers == 1 else ["first", "second"]
    run = interrupted(project, "--parallel", str(workers), wait_for=names)
    expected = ["FirstTests.test_a", "FirstTests.test_b"]
    assert run.passed == expected + ["SecondTests.test_a"] * (workers - 1), run.text
    assert run.returncode == 1, "tests that did not run have not passed"
    left = 6 - len(run.passed)
    assert run.output.endswith(
        f"Stopped before {left} tests could run.\n{len(run.passed)} passed, 0 failed\n"
    )
    assert "Traceback" not in run.text
    assert_nothing_left(project)
    # What ended is recorded: only the rest runs.
    rest = project.test("--delta", "--parallel", "1", SECONDS="1.5")
    assert (rest.returncode, len(rest.passed)) == (0, left), rest.text


@pytest.mark.parametrize("workers", [1, 2])
def test_second_ctrl_c_ends_running_tests(make_project, workers):
    project = make_project(SLOW, BASE + ON_DISK)
    names = ["first"] if workers == 1 else ["first", "second"]
    began = time.monotonic()
    run = interrupted(project, "--parallel", str(workers), wait_for=names, signals=2, seconds="300")
    assert time.monotonic() - began < 60
    assert run.returncode == 1
    assert "Traceback" not in run.text
    assert "passed, 0 failed" in run.last_line
    assert_nothing_left(project)


def test_workers_end_with_a_killed_parent(make_project):
    project = make_project(SLOW)
    process = subprocess.Popen(
        project.command("--parallel", "2"),
        cwd=project.path,
        env=project.environment(SECONDS="300"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not (project.path / "second.running").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    process.kill()
    process.wait()
    # What looks at imports ends by itself.
    while processes_in(project.path):
        assert time.monotonic() < until
        time.sleep(0.05)
    shutil.rmtree(project.temporary)  # Nobody is left to do so.
    project.temporary.mkdir()


def test_failfast_stops_all_workers(make_project):
    project = make_project(SLOW)
    project.edit("tests/test_slow.py", "def test_a(self):\n        pass", "def test_a(self): 1 / 0")
    run = project.test("--parallel", "2", "--failfast", SECONDS="0.5")
    assert run.returncode == 1
    assert run.ids("error") == ["FirstTests.test_a"]
    assert "FirstTests.test_b" in run.ids("not_run")
    assert "could run.\n" in run.output


def test_long_classes_first(make_project):
    project = make_project(
        {
            "tests/__init__.py": "",
            "tests/test_order.py": """
import os
import time

from django.test import SimpleTestCase, TransactionTestCase


def log(name, seconds=0):
    with open(os.environ["LOG"], "a") as file:
        file.write(name + "\\n")
    # With two workers, the first two classes wait for each other, so that the third comes third.
    end = time.monotonic() + 30
    while os.environ.get("TOGETHER") and time.monotonic() < end:
        if len(open(os.environ["LOG"]).readlines()) > 1:
            break
        time.sleep(0.01)
    time.sleep(seconds)


class ShortTests(SimpleTestCase):
    def test(self):
        log("short")


class LongTests(SimpleTestCase):
    def test(self):
        log("long", 0.2)


class FlushingTests(TransactionTestCase):
    def test(self):
        log("flushing", 0.5)
""",
        }
    )
    order = project.path / "order.log"

    def orders(*arguments):
        together = "yes" if "2" in arguments else ""
        run = project.test(*arguments, LOG=str(order), TOGETHER=together, TMP="")
        assert run.returncode == 0, run.text
        names = order.read_text().split()
        order.unlink()
        return names

    assert len(orders("--parallel", "1")) == 3
    # Two workers start two classes at once; the third is the last of the order. What flushes need
    # not wait: its database is brought back.
    assert orders("--parallel", "2")[-1] == "short"
    straight = orders("--parallel", "1", "--shuffle", "5", "--no-record")
    shuffled = orders("--parallel", "2", "--shuffle", "5", "--no-record")
    assert sorted(shuffled[:2]) == sorted(straight[:2])
