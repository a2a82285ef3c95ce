"""The same lines are covered whether tests run in one process or in many."""

from __future__ import annotations

import subprocess
import sys

import coverage
import pytest

from .conftest import SHOP
from .conftest import lines as lines_of

FILES = {**SHOP, ".coveragerc": "[run]\nbranch = true\nsource = shop\n"}
STALE = ".coverage.stale.1"


def lines(project):
    """Return what the data file says, and that there is none but one of an earlier time."""
    assert [path.name for path in project.path.glob(".coverage.*")] == [STALE]
    return lines_of(project)


@pytest.fixture
def project(make_project):
    project = make_project(FILES, 'CDDS = {"RECORD": False}\n')
    stale = coverage.CoverageData(basename=str(project.path / STALE))
    stale.add_arcs({str(project.path / "shop/prices.py"): [(14, -11)]})
    stale.write()
    return project


def test_one_process_and_many(project):
    # Started as `python -m django`.
    runner = "cdds_django.runner.DeltaDiscoverRunner"
    run = project.manage("test", "--coverage", "--parallel", "1", "--testrunner", runner)
    assert run.returncode == 0, run.stderr
    alone = lines(project)
    assert alone.keys() == {"shop/__init__.py", "shop/prices.py", "shop/stock.py"}
    assert run.stdout.rstrip().endswith("4 passed, 0 failed")
    total = next(line for line in run.stdout.splitlines() if line.startswith("TOTAL"))
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
    assert (6, 8) in lines(project)["shop/prices.py"]
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
