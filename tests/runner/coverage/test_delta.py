"""The coverage report of a delta run is that of a full run."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import coverage

from cdds_django.impact.storage.store import ImpactMap
from cdds_django.runner.coverage.gathering import Gathering
from cdds_django.runner.coverage.measuring import MeasurementPlan

from .conftest import SHOP, lines

MIGRATION = "shelf/migrations/0001_initial.py"
FILES = {
    **SHOP,
    ".coveragerc": "[run]\nbranch = true\nsource = .\n",
    # Only migrating imports and runs what is in here.
    "shelf/__init__.py": "",
    "shelf/migrations/__init__.py": "",
    MIGRATION: """
from django.db import migrations


def fill(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill)]
""",
    "shop/tables.py": """
from shop.prices import gross


def table(numbers):
    return {number: gross(number) for number in numbers}
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
ALL_OF_A = ["ATests.test_a_low", "ATests.test_b_deadly", "ATests.test_c_high"]


def full(project, *options):
    run = project.test("--coverage", "--no-record", *options)
    assert len(run.passed) == len(run.outcomes), run.text
    return lines(project)


def delta(project, *options):
    run = project.test("--coverage", "--delta", *options)
    assert run.returncode == 0, run.text
    return run


def why_not_trusted(project):
    """Return why a run that begins now can't use what is kept, None if it can."""
    whole = coverage.Coverage(data_file=None, config_file=str(project.path / ".coveragerc"))
    plan = MeasurementPlan.like(whole, project.path)
    impact_map = ImpactMap.open(project.path / ".cdds/impact.sqlite")
    with closing(impact_map):
        gathering = Gathering(whole, plan, root=project.path, state_dir=project.path / ".cdds")
        return gathering.open_kept(impact_map)


def test_lines_of_what_is_left_out(make_project):
    project = make_project(FILES, 'INSTALLED_APPS = ["shelf"]\n')
    # The templates are there by then, but nobody has seen what making them covers.
    assert project.test("--parallel", "2").returncode == 0
    first = project.test("--coverage", "--parallel", "2")
    assert first.returncode == 0, first.text
    everything = lines(project)
    assert everything[MIGRATION]

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

    # Of the tests in a class, one covers less than before.
    project.edit("tests/test_a.py", "gross(1), 2)", "1, 1)")
    run = delta(project, "--parallel", "1")
    assert run.passed == ALL_OF_A
    reasons = {test["id"].rpartition(".")[2]: test["reasons"] for test in run.report["tests"]}
    assert [r["kind"] for r in reasons["test_c_high"]] == ["coverage"]
    assert "run along for --coverage" in run.output
    assert lines(project) == full(project, "--parallel", "1")
    assert lines(project)[MIGRATION] == everything[MIGRATION]

    # A run that doesn't measure: what its classes cover isn't known any more.
    kept = project.path / ".cdds/coverage.sqlite"
    assert why_not_trusted(project) is None
    before = kept.read_bytes()
    project.edit("shop/stock.py", "number - 1", "0 if number else 1")
    assert project.test("--delta").passed == ["BTests.test_left"]
    # Statements that shared a line and don't any more: which of them ran isn't known.
    project.edit("shop/prices.py", "if net: return", "if net:\n        return")
    run = delta(project)
    assert {"BTests.test_left", "CTests.test_table"} <= {*run.passed}
    assert not {*ALL_OF_A} & {*run.passed}

    # Measured in another way, for another map, broken.
    project.edit(".coveragerc", "branch = true", "branch = false")
    assert "in another way" in why_not_trusted(project)
    kept.write_bytes(before)
    assert "another impact map" in why_not_trusted(project)
    kept.write_bytes(b"nonsense")
    run = delta(project)
    assert "can't be read" in run.report["full_run_reason"]
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM file").fetchone()[0] > 0
