"""A small project to be measured."""

from __future__ import annotations

import coverage

SHOP = {
    "shop/__init__.py": "",
    "shop/prices.py": """
LIMIT = 3


def gross(net):
    if net > LIMIT:
        return net * 3
    return net * 2


def discount(net):
    # Half of it.
    if net: return net / 2
    return 0
""",
    "shop/stock.py": """
def left(number):
    return number - 1
""",
    "tests/__init__.py": "",
    "tests/test_a.py": """
import os

from django.test import SimpleTestCase

from shop.prices import gross


class ATests(SimpleTestCase):
    def test_a_low(self):
        self.assertEqual(gross(1), 2)

    def test_b_deadly(self):
        if "DEADLY" in os.environ:
            os.kill(os.getpid(), 9)

    def test_c_high(self):
        self.assertEqual(gross(4), 12)
""",
    "tests/test_b.py": """
from django.test import TestCase

from shop.stock import left


class BTests(TestCase):
    def test_left(self):
        self.assertEqual(left(1), 0)
""",
}


def lines(project):
    """Return what the project's data file says, by path from its root."""
    data = coverage.CoverageData(basename=str(project.path / ".coverage"))
    data.read()
    return {
        file.removeprefix(f"{project.path}/"): sorted(data.arcs(file) or data.lines(file) or ())
        for file in data.measured_files()
    }
