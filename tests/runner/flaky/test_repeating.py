"""Rounds in seeded orders, and the tests that don't end the same in all of them."""

from __future__ import annotations

from cdds_django.runner.flaky.repeating import shuffled

ORDERED = {
    "tests/__init__.py": "",
    "tests/test_order.py": """
import random

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import SimpleTestCase, TestCase, TransactionTestCase


class OrderTests(SimpleTestCase):
    seen = False

    def test_a_marks(self):
        type(self).seen = True

    def test_b_fails_after_a(self):
        self.assertFalse(self.seen)

    def test_c_random(self):
        # The same numbers in every order, others in every round.
        with open("numbers", "a") as file:
            file.write(f"{random.random()}\\n")

    def test_d(self):
        self.assertEqual(cache.get("key"), None)
        cache.set("key", 1)


class FlushingTests(TransactionTestCase):
    # In every round it comes after all that would miss what it removes.
    def test_flushes(self):
        ContentType.objects.all().delete()


class SeededTests(TestCase):
    def test_seeded(self):
        self.assertEqual(ContentType.objects.count(), 1)
""",
}


def test_repeat(make_project):
    project = make_project(ORDERED, 'INSTALLED_APPS = ["django.contrib.contenttypes"]\n')
    run = project.test("--parallel", "2", "--repeat", "4", "--shuffle", "5")
    assert "Running 4 times, shuffled by seed 5." in run.output
    test = "tests.test_order.OrderTests.test_b_fails_after_a"
    assert run.report["varying"].keys() == {test}, run.text
    counts = run.report["varying"][test]
    assert sum(counts.values()) == 4
    assert f"  {test}: {counts['failed']} failed, {counts['passed']} passed\n" in run.output
    assert run.returncode == 1
    assert run.last_line == "5 passed, 1 failed"
    assert len(set((project.path / "numbers").read_text().split())) == 4
    first = (project.path / "numbers").read_text()
    (project.path / "numbers").unlink()

    again = project.test("--parallel", "1", "--repeat", "4", "--shuffle", "5", "--no-record")
    assert again.report["varying"] == run.report["varying"]
    assert (project.path / "numbers").read_text() == first


def test_orders():
    classes = [(0, 1, 2), (3,), (4, 5)]
    orders = [shuffled(classes, seed=1, round_number=n) for n in range(20)]
    assert orders == [shuffled(classes, seed=1, round_number=n) for n in range(20)]
    assert orders != [shuffled(classes, seed=2, round_number=n) for n in range(20)]
    assert len({tuple(order) for order in orders}) > 10
    for order in orders:
        assert sorted(tuple(sorted(tests)) for tests in order) == sorted(classes)
