"""The same lines are covered whether tests run in one process or in many."""

from __future__ import annotations

import subprocess
import sys

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

    # Whoever starts `coverage run` finds the workers' lines in the data file, and reports.
    command = [sys.executable, "-m", "coverage", "run", *project.command("--parallel", "2")[1:]]
    result = subprocess.run(
        command, cwd=project.path, env=project.environment(), capture_output=True, text=True
    )
    run = project.finished(result.returncode, result.stdout, result.stderr)
    assert run.last_line == "4 passed, 0 failed"
    assert "TOTAL" not in run.output
    assert lines(project) == alone

    # Workers that aren't forked import everything anew.
    project.edit(
        "manage.py",
        'if __name__ == "__main__":\n',
        'if __name__ == "__main__":\n'
        "    import multiprocessing\n    multiprocessing.set_start_method('spawn')\n",
    )
    run = project.test("--coverage", "--parallel", "2")
    assert run.returncode == 0, run.text
    assert lines(project) == alone


def test_failfast(project):
    project.edit("tests/test_a.py", "gross(1), 2", "gross(1), 7")
    run = project.test("--coverage", "--parallel", "2", "--failfast")
    assert run.returncode == 1
    assert (7, 9) in lines(project)["prices.py"] or (6, 8) in lines(project)["prices.py"]
    assert "TOTAL" in run.output


def test_the_configuration_of_the_project_counts(project):
    """A file for each process is asked for, elsewhere, and more than is covered."""
    configuration = "branch = true\nparallel = true\nconcurrency = multiprocessing\n"
    configuration += "data_file = out/data\nomit = */stock.py\n[report]\nfail_under = 99\n"
    project.edit(".coveragerc", "branch = true\n", "")
    (project.path / "out").mkdir()
    with (project.path / ".coveragerc").open("a") as file:
        file.write(configuration)
    run = project.test("--coverage", "--parallel", "2")
    assert run.returncode == 2
    assert "less than fail_under = 99" in run.errors
    assert run.last_line == "4 passed, 0 failed"
    assert [path.name for path in (project.path / "out").iterdir()] == ["data"]
    data = coverage.CoverageData(basename=str(project.path / "out/data"))
    data.read()
    assert {path.rpartition("/")[2] for path in data.measured_files()} == {
        "__init__.py",
        "prices.py",
    }
    assert len([line for line in run.output.splitlines() if "prices.py" in line]) == 1

    project.edit(".coveragerc", "parallel = true", "parallel = perhaps")
    run = project.test("--coverage")
    assert run.returncode == 2
    assert "coverage.py's configuration can't be used" in run.errors


def test_not_from_a_script(project):
    run = project.manage(
        "test", "--coverage", "--testrunner", "cdds_django.runner.DeltaDiscoverRunner"
    )
    assert run.returncode == 0, run.stderr
    assert "4 passed, 0 failed" in run.stdout
