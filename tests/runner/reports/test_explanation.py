"""`--explain=TEST_ID`: one test's causes, with the whole way from each."""

from __future__ import annotations

PROJECT = {
    "shop/__init__.py": "",
    "shop/rates.py": "RATES = {'full': 20}\n",
    "shop/prices.py": "from shop.rates import RATES\n\nFULL = RATES['full']\n\n\n"
    "def full():\n    return FULL\n",
    "tests/__init__.py": "",
    "tests/test_prices.py": """
from django.test import SimpleTestCase

from shop.prices import full


class PriceTests(SimpleTestCase):
    def test_full(self):
        self.assertTrue(full())

    def test_other(self):
        pass
""",
    "tests/test_more.py": """
from django.test import SimpleTestCase

from shop.prices import full


class MoreTests(SimpleTestCase):
    def test_more(self):
        self.assertTrue(full())
""",
}
ONE = "tests.test_prices.PriceTests.test_full"


def test_the_whole_way_to_one_test(make_project):
    project = make_project(PROJECT)
    assert len(project.test("--parallel", "1").passed) == 3
    project.edit("shop/rates.py", "20", "19")
    alone = project.test("--delta", f"--explain={ONE}")
    assert alone.output.splitlines()[-4:] == [
        "shop/rates.py::RATES changed",
        "  → shop/prices.py::FULL",
        "    → shop/prices.py::full",
        "      → this test",
    ]
    # Labels say what is looked at, not what is asked.
    among = project.test("tests", "--delta", f"--explain={ONE}")
    assert among.output.splitlines()[-6:] == alone.output.splitlines()[-6:]
    assert sorted(among.ids("selected")) == ["MoreTests.test_more", "PriceTests.test_full"]


def test_a_test_that_is_left_out(make_project):
    project = make_project(PROJECT)
    project.test("--parallel", "1")
    project.edit("shop/rates.py", "20", "19")
    run = project.test("tests", "--delta", "--explain=tests.test_prices.PriceTests.test_other")
    assert "tests.test_prices.PriceTests.test_other would be left out." in run.output


def test_a_label_of_many_is_a_label(make_project):
    project = make_project(PROJECT)
    project.test("--parallel", "1")
    project.edit("shop/rates.py", "20", "19")
    run = project.test("--delta", "--explain", "tests.test_prices")
    assert "1 of 2 tests would run" in run.output
    assert "shop/rates.py::RATES changed → 1 test" in run.output
