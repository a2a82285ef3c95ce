"""Failing tests are tried again in new processes on new databases, and flaky ones are told of."""

from __future__ import annotations

from cdds_django.impact.storage.history import histories, ran_before
from cdds_django.impact.storage.store import ImpactMap

FLAKY = {
    "tests/__init__.py": "",
    "tests/base.py": """
import os
import pathlib


def runs(name):
    # How often this has run, in whatever process.
    with open(pathlib.Path(__file__).parent.parent / f"{name}.runs", "a") as file:
        file.write(f"{os.getpid()}\\n")
    return len(open(file.name).readlines())
""",
    "tests/test_flaky.py": """
import os

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import SimpleTestCase, TestCase, TransactionTestCase

from tests.base import runs


class FlakyTests(TransactionTestCase):
    def test_a_dirt(self):
        ContentType.objects.create(app_label="dirt", model="dirt")
        cache.set("dirt", 1)

    def test_b_needs_clean_state(self):
        runs("clean")
        self.assertFalse(cache.get("dirt"))

    def test_c_fails_first(self):
        self.assertGreater(runs("first"), 1)

    def test_d_always_fails(self):
        self.fail(f"for the {runs('always')}. time")


class DeadlyTests(SimpleTestCase):
    def test_e_kills_its_worker_once(self):
        if runs("deadly") == 1:
            os.kill(os.getpid(), 9)


class FixtureTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if runs("fixture") < 3:
            raise RuntimeError("not yet")

    def test_one(self):
        pass

    def test_two(self):
        pass
""",
}
SETTINGS = """
INSTALLED_APPS = ["django.contrib.contenttypes"]
DATABASES["default"]["TEST"] = {"NAME": "test.sqlite3"}
"""
FLAKY_TESTS = ["b_needs_clean_state", "c_fails_first", "e_kills_its_worker_once"]


def test_retries(make_project):
    project = make_project(FLAKY, SETTINGS)
    run = project.test("--parallel", "2", "--retries", "2")
    assert run.returncode == 1
    assert run.ids("failed") == ["FlakyTests.test_d_always_fails"], run.text
    tests = {test["id"].rpartition(".")[2]: test for test in run.report["tests"]}
    flaky = {name: test["attempts"] for name, test in tests.items() if test["flaky"]}
    assert flaky == {**{f"test_{name}": 2 for name in FLAKY_TESTS}, "test_one": 3, "test_two": 3}
    assert tests["test_d_always_fails"]["attempts"] == 3
    assert tests["test_a_dirt"]["attempts"] == 1
    assert tests["test_b_needs_clean_state"]["batch_id"] != tests["test_a_dirt"]["batch_id"]
    # Each attempt in a process of its own, and only the last one is told.
    for name in ("first", "always", "fixture"):
        pids = (project.path / f"{name}.runs").read_text().split()
        assert len(set(pids)) == len(pids)
    assert "for the 3. time" in run.errors
    assert "for the 1. time" not in run.errors
    assert "Flaky: 5 tests passed in a later attempt only.\n" in run.output
    assert "  tests.test_flaky.FlakyTests.test_c_fails_first (attempt 2)\n" in run.output
    assert "AssertionError: 1 not greater than 1" in run.output
    assert "RuntimeError: not yet" in run.output
    assert run.last_line == "6 passed, 1 failed"
    assert not list(project.path.glob("*.sqlite3"))

    with ImpactMap.open(project.path / ".cdds/impact.sqlite") as known:
        past = {test.rpartition(".")[2]: runs for test, runs in histories(known).items()}
        earlier = ran_before(known, "tests.test_flaky.FlakyTests.test_b_needs_clean_state")
    assert [(r.outcome, r.is_flaky) for r in past["test_c_fails_first"]] == [("passed", True)]
    assert [(r.outcome, r.is_flaky) for r in past["test_d_always_fails"]] == [("failed", False)]
    assert earlier[-1].endswith("test_a_dirt")


def test_settings_and_status(make_project):
    project = make_project(FLAKY, SETTINGS + "CDDS = {'RETRIES': 2}\n")
    project.edit("tests/test_flaky.py", "self.fail(", "print(")
    run = project.test("--parallel", "2", "--fail-on-flaky")
    assert (run.returncode, run.last_line) == (1, "7 passed, 0 failed"), run.text
    again = project.test("--parallel", "1", "-k", "first", "--fail-on-flaky")
    assert (again.returncode, again.last_line) == (0, "1 passed, 0 failed"), again.text
    (test,) = again.report["tests"]
    assert (test["flaky"], test["history"]) == (False, ["flaky"])
