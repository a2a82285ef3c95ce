"""Every kind of outcome, as Django's own runner has it, however the tests are run."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter

import django
import pytest

DJANGO = "django.test.runner.DiscoverRunner"

SUITE = {
    "shop/__init__.py": "",
    "shop/prices.py": "def total(*prices):\n    return sum(prices)\n",
    "tests/__init__.py": "",
    "tests/test_kinds.py": """
import asyncio
import unittest

from django.test import SimpleTestCase, TestCase, TransactionTestCase, tag

from shop.prices import total


class Odd(Exception):
    def __init__(self, message, code):  # Pickling it works, unpickling doesn't.
        super().__init__(message)
        self.handler = lambda: code


class PlainTests(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(total(1, 2), 3)

    def test_fails(self):
        self.assertEqual(total(1, 2), 4)

    def test_raises_what_cannot_be_pickled(self):
        raise Odd("odd", 7)

    @unittest.skip("by decorator")
    def test_skipped(self):
        pass

    def test_skips_itself(self):
        raise unittest.SkipTest("by itself")

    @unittest.expectedFailure
    def test_fails_as_expected(self):
        self.fail()

    @unittest.expectedFailure
    def test_passes_unexpectedly(self):
        pass

    def test_subtests(self):
        for number in range(4):
            with self.subTest(number=number):
                self.assertEqual(number % 2, 0)

    def test_subtest_raises(self):
        with self.subTest("outer", why=object()):
            raise KeyError("in a subtest")

    def test_subtest_skips(self):
        with self.subTest("inner"):
            self.skipTest("one of many")

    def test_exits(self):
        raise SystemExit(3)


class TearDownTests(unittest.TestCase):
    def tearDown(self):
        raise RuntimeError("in tearDown")

    def test_passes_till_then(self):
        pass

    def test_fails_before(self):
        self.fail("first")


class CleanupTests(SimpleTestCase):
    def test_cleanup_raises(self):
        self.addCleanup(lambda: 1 / 0)


class DatabaseTests(TestCase):
    def test_passes(self):
        pass

    async def test_awaits(self):
        await asyncio.sleep(0)
        self.assertEqual(total(), 1)


class AsyncTests(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.total = total(2)

    async def test_awaits(self):
        self.assertEqual(self.total, 2)


@tag("slow")
class FlushedTests(TransactionTestCase):
    def test_passes(self):
        pass


class StatefulTests(unittest.TestCase):
    def __init__(self, *args):
        super().__init__(*args)
        self.callback = lambda: 1  # Such a test can't be pickled.

    def test_passes(self):
        self.assertEqual(self.callback(), 1)


def made_inside():
    class LocalTests(unittest.TestCase):
        def test_passes(self):
            pass

    return LocalTests


class_made_inside = made_inside()
""",
    "tests/test_fixtures.py": """
import unittest

from django.test import TestCase


class SetUpClassFails(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        raise RuntimeError("no class today")

    def test_one(self):
        pass

    def test_two(self):
        pass


class SetUpTestDataFails(TestCase):
    @classmethod
    def setUpTestData(cls):
        raise RuntimeError("no data today")

    def test_one(self):
        pass


class SetUpClassSkips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("not on this machine")

    def test_one(self):
        pass

    def test_two(self):
        pass


@unittest.skip("the whole class")
class SkippedClass(unittest.TestCase):
    def test_one(self):
        pass


class TearDownClassFails(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        raise RuntimeError("not that clean")

    def test_one(self):
        pass
""",
    "tests/test_module.py": """
import unittest


def setUpModule():
    raise RuntimeError("no module today")


class FirstTests(unittest.TestCase):
    def test_one(self):
        pass


class SecondTests(unittest.TestCase):
    def test_one(self):
        pass
""",
    "tests/test_broken.py": "import does_not_exist\n",
    "tests/test_typo.py": "def half(:\n",
    "tests/test_loaded.py": """
import unittest


def checks(number):
    class Checks(unittest.TestCase):
        def runTest(self):
            self.assertLess(number, 2)

        def id(self):
            return f"{super().id()}.{number}"

    return Checks()


def load_tests(loader, standard, pattern):
    standard.addTests([checks(number) for number in (1, 2)])
    return standard
""",
}

PLAIN = "tests.test_kinds.PlainTests.test_"
EXPECTED = {
    f"{PLAIN}passes": "passed",
    f"{PLAIN}fails": "failed",
    f"{PLAIN}raises_what_cannot_be_pickled": "error",
    f"{PLAIN}skipped": "skipped",
    f"{PLAIN}skips_itself": "skipped",
    f"{PLAIN}fails_as_expected": "expected_failure",
    f"{PLAIN}passes_unexpectedly": "unexpected_success",
    f"{PLAIN}subtests": "failed",
    f"{PLAIN}subtest_raises": "error",
    f"{PLAIN}subtest_skips": "skipped",
    f"{PLAIN}exits": "error",
    "tests.test_kinds.TearDownTests.test_passes_till_then": "error",
    "tests.test_kinds.TearDownTests.test_fails_before": "error",
    "tests.test_kinds.CleanupTests.test_cleanup_raises": "error",
    "tests.test_kinds.DatabaseTests.test_passes": "passed",
    "tests.test_kinds.DatabaseTests.test_awaits": "failed",
    "tests.test_kinds.AsyncTests.test_awaits": "passed",
    "tests.test_kinds.FlushedTests.test_passes": "passed",
    "tests.test_kinds.StatefulTests.test_passes": "passed",
    "tests.test_kinds.made_inside.<locals>.LocalTests.test_passes": "passed",
    "tests.test_fixtures.SetUpClassFails.test_one": "error",
    "tests.test_fixtures.SetUpClassFails.test_two": "error",
    "tests.test_fixtures.SetUpTestDataFails.test_one": "error",
    "tests.test_fixtures.SetUpClassSkips.test_one": "skipped",
    "tests.test_fixtures.SetUpClassSkips.test_two": "skipped",
    "tests.test_fixtures.SkippedClass.test_one": "skipped",
    "tests.test_fixtures.TearDownClassFails.test_one": "error",
    "tests.test_module.FirstTests.test_one": "error",
    "tests.test_module.SecondTests.test_one": "error",
    "unittest.loader._FailedTest.tests.test_broken": "error",
    "unittest.loader._FailedTest.tests.test_typo": "error",
    "tests.test_loaded.checks.<locals>.Checks.runTest.1": "passed",
    "tests.test_loaded.checks.<locals>.Checks.runTest.2": "failed",
}

HEADING = re.compile(r"^((?:FAIL|ERROR|UNEXPECTED SUCCESS): .*)$", re.MULTILINE)
VERDICT = re.compile(r"^(?:OK|FAILED)\b.*$", re.MULTILINE)
ADDRESS = re.compile(r"0x[0-9a-f]+")


def verdict(run):
    """Return what unittest says of a run: each failure's heading, and the counts."""
    return sorted(ADDRESS.sub("0x", h) for h in HEADING.findall(run.errors)), VERDICT.findall(
        run.errors
    )


def test_outcomes_are_those_of_django(make_project):
    project = make_project(SUITE)
    stock = project.test(runner=DJANGO)
    alone = project.test("--parallel", "1")
    many = project.test("--parallel", "3")
    assert alone.outcomes == EXPECTED
    assert many.outcomes == EXPECTED
    assert verdict(alone) == verdict(stock)
    # A module whose set-up fails is set up once by each of its classes there.
    assert set(verdict(many)[0]) == set(verdict(stock)[0])
    assert verdict(many)[1] == [
        "FAILED (failures=6, errors=13, skipped=5, expected failures=1, unexpected successes=1)"
    ]
    assert {stock.returncode, alone.returncode, many.returncode} == {1}
    count = Counter(EXPECTED.values())
    passed = count["passed"] + count["expected_failure"]
    failed = count["failed"] + count["error"] + count["unexpected_success"]
    ending = f"{passed} passed, {failed} failed, {count['skipped']} skipped"
    assert alone.last_line == many.last_line == ending
    assert many.report["workers"] == 3
    # Errors come as they were raised, without the help of tblib.
    for run in (alone, many):
        assert "self.assertEqual(total(1, 2), 4)\n" in run.errors
        assert "AssertionError: 3 != 4" in run.errors
        assert 'Odd("odd", 7)' in run.errors
        assert "Traceback (most recent call last)" not in run.output


GREEN = {
    "shop/__init__.py": "",
    "shop/models.py": """
from django.db import models


class Item(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "shop"
""",
    "shop/prices.py": """
from functools import cache


@cache
def vat():
    return 20


def gross(net):
    return net + vat()
""",
    "tests/__init__.py": "",
    "tests/base.py": """
from django.test import TestCase

from shop.models import Item


class ItemTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.item = Item.objects.create(name="chair")
""",
    "tests/test_items.py": """
from shop.models import Item
from tests.base import ItemTestCase


class ItemTests(ItemTestCase):
    def test_name(self):
        self.assertEqual(Item.objects.get().name, "chair")

    def test_rename(self):
        Item.objects.update(name="table")
""",
    "tests/test_prices.py": """
import unittest

from shop.prices import gross


class PriceTests(unittest.TestCase):
    def test_gross(self):
        self.assertEqual(gross(1), 21)

    def test_again(self):
        self.assertEqual(gross(2), 22)


class MorePriceTests(unittest.TestCase):
    def test_gross(self):
        self.assertEqual(gross(3), 23)
""",
}
SHOP = 'INSTALLED_APPS = ["shop"]\n'


def recorded(project):
    """Return what the map says each test depends on."""
    with sqlite3.connect(project.path / ".cdds/impact.sqlite") as connection:
        names = dict(connection.execute("SELECT id, name FROM subject WHERE kind = 'test'"))
        rows = connection.execute("SELECT kind, key, subjects FROM dependency").fetchall()
    from cdds_django.impact.storage.bits import members, unpack

    return {
        (kind, key, names[number])
        for kind, key, packed in rows
        for number in members(unpack(packed))
        if number in names and kind != "environment"
    }


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_start_methods_run_and_record_the_same(make_project, method):
    project = make_project(GREEN, SHOP, is_cold=True)
    project.edit(
        "manage.py",
        "    execute_from",
        f"    import multiprocessing\n    multiprocessing.set_start_method({method!r})\n"
        "    execute_from",
    )
    run = project.test("--parallel", "2")
    assert (run.returncode, run.last_line) == (0, "5 passed, 0 failed"), run.text
    is_supported = method != "forkserver" or django.VERSION >= (6, 0)
    assert run.report["workers"] == (2 if is_supported else 1)
    alone = make_project(GREEN, SHOP, name="alone")
    assert alone.test("--parallel", "1").returncode == 0
    manage = {("module", "manage.py"), ("code", "manage.py")}
    assert {r for r in recorded(project) if r[:2] not in manage} == recorded(alone)
    assert not list(project.path.glob("*.sqlite3"))
    nothing = project.test("--delta", "--parallel", "2")
    assert nothing.report["selected"] == 0, nothing.text


def test_report_tells_how_each_test_ran(make_project):
    project = make_project(GREEN, SHOP)
    run = project.test("--parallel", "2", "tests.test_items", "tests.test_prices", "--timing")
    tests = run.report["tests"]
    assert {test["worker"] for test in tests} == {1, 2}
    assert {test["attempts"] for test in tests} == {1}
    # To a tenth of a millisecond, so that the quickest may take none.
    assert sum(test["duration_s"] for test in tests) > 0
    by_worker = {test["worker"]: test["batch_id"] for test in tests}
    assert len(set(by_worker.values())) == 2
    assert all(test["batch_id"] == by_worker[test["worker"]] for test in tests)
    assert json.loads(json.dumps(run.report["timings"])).keys() == {
        "decide_s",
        "import_s",
        "database_s",
        "run_s",
        "tests_s",
        "set_ups_s",
        "idle_s",
        "total_s",
    }
    assert "Total database setup took" in run.errors
    assert "Total database teardown took" in run.errors
    assert "Total run took" in run.errors
