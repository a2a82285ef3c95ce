"""The same lines are covered whether tests run in one process or in many."""

from __future__ import annotations

import coverage
import pytest

FILES = {
    ".coveragerc": "[run]\nbranch = true\nsource = shop\n",
    "shop/__init__.py": "",
    "shop/prices.py": """
LIMIT = 3


def gross(net):
    if net > LIMIT:
        return net * 3
    return net * 2


def never():
    return 1
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
from django.test import SimpleTestCase

from shop.stock import left


class BTests(SimpleTestCase):
    def test_left(self):
        self.assertEqual(left(1), 0)
""",
}


def lines(project):
    """Return what the data file says, and that there is no other."""
    data = coverage.CoverageData(basename=str(project.path / ".coverage"))
    data.read()
    stale = [path.name for path in project.path.glob(".coverage.*")]
    assert stale == ["." + "coverage.stale.1"]
    return {
        file.rpartition("/")[2]: sorted(data.arcs(file) or ()) for file in data.measured_files()
    }


@pytest.fixture
def project(make_project):
    project = make_project(FILES, 'CDDS = {"RECORD": False}\n')
    stale = coverage.CoverageData(basename=str(project.path / ".coverage.stale.1"))
    stale.add_arcs({str(project.path / "shop/prices.py"): [(12, -11)]})
    stale.write()
    return project


def test_one_process_and_many(project):
    run = project.test("--coverage", "--parallel", "1")
    assert run.returncode == 0, run.text
    alone = lines(project)
    assert alone.keys() == {"__init__.py", "prices.py", "stock.py"}
    assert run.last_line == "4 passed, 0 failed"
    assert "shop/prices.py" in run.output
    total = next(line for line in run.output.splitlines() if line.startswith("TOTAL"))
    many = project.test("--coverage", "--parallel", "2", "--coverage-xml", "c.xml")
    assert lines(project) == alone
    assert total in many.output
    assert "<coverage" in (project.path / "c.xml").read_text()

    # A worker that dies takes no lines of others with it; its tests before it run again.
    deadly = project.test("--parallel", "2", "--coverage-html", "html", DEADLY="1")
    assert deadly.ids("error") == ["ATests.test_b_deadly"], deadly.text
    assert lines(project) == alone
    assert (project.path / "html/index.html").exists()


def test_failfast(project):
    project.edit("tests/test_a.py", "gross(1), 2", "gross(1), 7")
    run = project.test("--coverage", "--parallel", "2", "--failfast")
    assert run.returncode == 1
    assert (7, 9) in lines(project)["prices.py"] or (6, 8) in lines(project)["prices.py"]
    assert "TOTAL" in run.output


def test_not_from_a_script(project):
    run = project.manage(
        "test", "--coverage", "--testrunner", "cdds_django.runner.DeltaDiscoverRunner"
    )
    assert run.returncode == 0, run.stderr
    assert "4 passed, 0 failed" in run.stdout
