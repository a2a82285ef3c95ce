"""Shards that are merged are what one run would have been."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3

import coverage
import pytest

from cdds_django.impact.storage.bits import members, unpack
from cdds_django.runner.outcomes import trend
from tests.conftest import require_schema

FILES = {
    ".coveragerc": "[run]\nbranch = true\nsource = shop\n",
    "shop/__init__.py": "",
    "shop/prices.py": """
from functools import lru_cache


@lru_cache
def rates():
    return {"low": 2, "high": 3}


def gross(net):
    if net > 3:
        return net * rates()["high"]
    return net * rates()["low"]
""",
    "shop/stock.py": "def left(number):\n    return number - 1\n",
    "shop/words.py": "def plural(word):\n    return word + 's'\n",
    "tests/__init__.py": "",
    "tests/test_prices.py": """
from django.test import SimpleTestCase

from shop.prices import gross


class HighTests(SimpleTestCase):
    def test_high(self):
        self.assertEqual(gross(4), 12)


class LowTests(SimpleTestCase):
    def test_low(self):
        self.assertEqual(gross(1), 2)

    def test_lower(self):
        self.assertEqual(gross(0), 0)
""",
    "tests/test_stock.py": """
from django.test import SimpleTestCase, tag

from shop.stock import left


class StockTests(SimpleTestCase):
    @tag("quick")
    def test_left(self):
        self.assertEqual(left(1), 0)

    def test_words(self):
        from shop.words import plural

        self.assertEqual(plural("ticket"), "tickets")


class MissingTests(SimpleTestCase):
    def test_fails(self):
        self.assertEqual(left(1), 1)
""",
}


def content(project, state=".cdds"):
    """Return what a map says, by names, without what differs from run to run."""
    connection = sqlite3.connect(project.path / state / "impact.sqlite")
    try:
        subjects = connection.execute("SELECT id, kind, name, path, outcome, tags FROM subject")
        names = {number: (kind, name) for number, kind, name, *_ in subjects.fetchall()}
        columns = "kind, key, place, fingerprint, current, shared"
        rows = connection.execute(f"SELECT {columns}, subjects FROM dependency").fetchall()
        return {
            "subjects": set(
                connection.execute("SELECT kind, name, path, outcome, tags FROM subject")
            ),
            "listing": sorted(
                (module, position, names[test])
                for module, position, test in connection.execute("SELECT * FROM listing")
            ),
            "dependencies": {
                tuple(row): sorted(names[number] for number in members(unpack(packed)))
                for *row, packed in rows
            },
            "files": set(connection.execute("SELECT path, digest FROM file")),
            "cuts": set(connection.execute("SELECT digest, module, import_digest FROM cut")),
            "meta": dict(connection.execute("SELECT * FROM meta WHERE name != 'version'")),
        }
    finally:
        connection.close()


def lines(project):
    data = coverage.CoverageData(basename=str(project.path / ".coverage"))
    data.read()
    return {
        file.removeprefix(f"{project.path}/"): sorted(data.arcs(file) or ())
        for file in data.measured_files()
    }


def run_shards(project, count, *options, **environment):
    """Run all shards, the last one first; return their reports."""
    reports = []
    for index in range(count, 0, -1):
        run = project.test("--shard", f"{index}/{count}", *options, **environment)
        assert f"Shard {index}/{count} is in" in run.output, run.text
        reports.append(run.report)
    return reports


def merge(project, *options, **environment):
    return project.manage("delta_merge", *options, **environment)


@pytest.fixture
def project(make_project):
    return make_project(FILES, 'INSTALLED_APPS = ["cdds_django"]\n')


def test_merged_shards_are_one_run(project, make_project):
    everything = {
        test["id"]: test["outcome"] for test in project.test("--coverage").report["tests"]
    }
    whole, covered = content(project), lines(project)

    # Without a map, in another checkout, from which the shards' files go to a third.
    other = make_project(FILES, 'INSTALLED_APPS = ["cdds_django"]\n', name="other")
    reports = run_shards(other, 2, "--coverage", "--shard-output", "out")
    ran = [test["id"] for report in reports for test in report["tests"]]
    assert sorted(ran) == sorted(everything)
    assert not (other.path / ".cdds/impact.sqlite").exists()
    third = make_project(FILES, 'INSTALLED_APPS = ["cdds_django"]\n', name="third")
    shutil.move(other.path / "out", third.path / "left")
    result = merge(third, "left", "--report-json", "all.json", "--prune")
    assert result.returncode == 1, result.stderr
    assert result.stdout.splitlines()[-1] == "5 passed, 1 failed"
    assert content(third) == whole
    assert lines(third) == covered
    report = json.loads((third.path / "all.json").read_text())
    require_schema(report)
    assert {test["id"]: test["outcome"] for test in report["tests"]} == everything
    assert report["selected"] == 6
    # The parts of a whole are no wholes, and make one.
    assert (report["whole"], [part["whole"] for part in reports]) == (True, [False] * 2)
    (kept,) = trend.read(third.path / ".cdds").runs
    assert (kept.is_whole, kept.is_full) == (True, True)
    assert not (third.path / "left").exists()

    # A delta is as precise after it, and can be cut as well.
    for copy in (project, third):
        copy.edit("shop/stock.py", "number - 1", "number - 1 + 0")
    expected = project.test("--delta", "--coverage")
    run_shards(third, 2, "--delta", "--coverage")
    page = ("--report-html", "page")
    result = merge(third, ".cdds/shards", "--report-json", "all.json", *page)
    assert result.returncode == 1, result.stderr
    report = json.loads((third.path / "all.json").read_text())
    # Each shard has workers of its own.
    workers = {test["worker"] for test in report["tests"]} - {None}
    assert workers <= set(range(1, report["workers"] + 1))
    assert len(workers) == 2
    text = (third.path / "page" / "index.html").read_text()
    assert re.search(r"<dt>Carried over</dt><dd>[1-9] test class", text)
    assert {t["id"]: t["outcome"] for t in report["tests"]} == expected.outcomes
    assert report["skipped"] == expected.report["skipped"] == 3
    assert content(third) == content(project)
    assert lines(third) == lines(project)
