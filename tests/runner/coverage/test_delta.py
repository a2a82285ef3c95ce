"""The coverage report of a delta run is that of a full run."""

from __future__ import annotations

import coverage
import pytest

FILES = {
    ".coveragerc": "[run]\nbranch = true\nsource = .\n",
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
    "shop/tables.py": """
from shop.prices import gross


def table(numbers):
    return {number: gross(number) for number in numbers}
""",
    "tests/__init__.py": "",
    "tests/test_a.py": """
from django.test import SimpleTestCase

from shop.prices import gross


class ATests(SimpleTestCase):
    def test_high(self):
        self.assertEqual(gross(4), 12)

    def test_low(self):
        self.assertEqual(gross(1), 2)
""",
    "tests/test_b.py": """
from django.test import SimpleTestCase

from shop.stock import left


class BTests(SimpleTestCase):
    def test_left(self):
        self.assertEqual(left(1), 0)
""",
    # Only importing this module runs `table`, and a module's fixture `discount`.
    "tests/test_c.py": """
from django.test import SimpleTestCase

from shop.prices import discount
from shop.tables import table

TABLE = table([5])


def setUpModule():
    discount(1)


class CTests(SimpleTestCase):
    def test_table(self):
        self.assertEqual(TABLE, {5: 15})


class DTests(SimpleTestCase):
    def test_nothing(self):
        pass
""",
}


def lines(project):
    """Return what the data file says."""
    data = coverage.CoverageData(basename=str(project.path / ".coverage"))
    data.read()
    assert list(project.path.glob(".coverage.*")) == []
    return {
        file.removeprefix(f"{project.path}/"): sorted(data.arcs(file) or data.lines(file) or ())
        for file in data.measured_files()
    }


@pytest.fixture
def project(make_project):
    return make_project(FILES)


def full(project, *options):
    run = project.test("--coverage", "--no-record", *options)
    assert len(run.passed) == len(run.outcomes), run.text
    return lines(project)


def delta(project, *options):
    run = project.test("--coverage", "--delta", *options)
    assert run.returncode == 0, run.text
    return run


def test_lines_of_what_is_left_out(project):
    first = project.test("--coverage", "--parallel", "2")
    assert first.returncode == 0, first.text
    everything = lines(project)

    nothing = delta(project)
    assert nothing.passed == []
    assert lines(project) == everything
    assert next(line for line in first.output.splitlines() if line.startswith("TOTAL")) in (
        nothing.output
    )

    # Lines move, within functions too; one class has to run.
    project.edit("shop/prices.py", "LIMIT = 3\n", "# More.\n\nLIMIT = 3\n")
    project.edit("shop/prices.py", "net * 3\n", "net * 3\n    # Else.\n")
    project.edit("tests/test_c.py", "TABLE = t", "\nTABLE = t")
    project.edit("shop/stock.py", "    return", "    number += 0\n    return")
    assert delta(project).passed == ["BTests.test_left"]
    moved = lines(project)
    assert moved == full(project)
    assert (9, 10) not in moved["shop/prices.py"]

    # Of two tests in a class, one covers less than before.
    project.edit("tests/test_a.py", "gross(1), 2)", "1, 1)")
    run = delta(project, "--parallel", "1")
    assert run.passed == ["ATests.test_high", "ATests.test_low"]
    reasons = {test["id"].rpartition(".")[2]: test["reasons"] for test in run.report["tests"]}
    assert [r["kind"] for r in reasons["test_high"]] == ["coverage"]
    assert "run along for --coverage" in run.output
    assert lines(project) == full(project, "--parallel", "1")


def test_what_is_kept_is_trusted_only_where_it_holds(project):
    kept = project.path / ".cdds/coverage.sqlite"
    assert project.test("--coverage").returncode == 0
    before = kept.read_bytes()

    # A run that doesn't measure: what its classes cover isn't known any more.
    project.edit("shop/stock.py", "number - 1", "0 if number else 1")
    assert project.test("--delta").passed == ["BTests.test_left"]
    assert delta(project).passed == ["BTests.test_left"]

    # Statements that shared a line and don't any more: which of them ran isn't known.
    project.edit("shop/prices.py", "if net: return", "if net:\n        return")
    run = delta(project)
    assert "CTests.test_table" in run.passed
    assert "ATests.test_high" not in run.passed

    # Of another map, in another way, broken.
    kept.write_bytes(before)
    assert "another impact map" in delta(project).report["full_run_reason"]
    project.edit(".coveragerc", "branch = true", "branch = false")
    assert "in another way" in delta(project).report["full_run_reason"]
    kept.write_bytes(b"nonsense")
    run = delta(project)
    assert "can't be read" in run.report["full_run_reason"]
    assert kept.read_bytes().startswith(b"SQLite")
