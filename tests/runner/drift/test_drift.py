"""The contract's drift, told at the end of real runs."""

from __future__ import annotations

import json

import pytest

from tests.conftest import RUNNER

TESTS = """
from django.test import SimpleTestCase


class EventTests(SimpleTestCase):
    def test_list(self):
        self.assertEqual(self.client.get("/events/").json(), [])


class OtherTests(SimpleTestCase):
    def test_other(self):
        pass
"""


@pytest.fixture
def api(project, make_project):
    """A DRF project with tests and a committed snapshot."""
    text = (project.path / "settings.py").read_text()
    urls = (project.path / "urls.py").read_text()
    made = make_project({"urls.py": urls, "test_api.py": TESTS}, text)
    assert made.manage("contract_snapshot").returncode == 0
    return made


def remembered(project):
    path = project.path / ".cdds" / "contract.json"
    return path.stat().st_ino if path.exists() else None


def test_drift_is_told_and_remembered(api):
    api.edit("urls.py", "max_length=80", "max_length=int(os.environ.get('LONGEST', '80'))")
    api.edit("urls.py", "from django.urls", "import os\n\nfrom django.urls")
    run = api.test()
    assert run.returncode == 0, run.text
    assert run.report["contract"]["changes"] == []
    assert run.report["contract"]["problem"] is None
    assert "Contract drift" not in run.text
    first = remembered(api)
    assert first is not None

    # Only the body of a function that building the schema doesn't run.
    api.edit("urls.py", "return Response([])", "return Response([][:])")
    run = api.test("--delta")
    assert run.passed == ["EventTests.test_list"], run.text
    assert run.report["contract"]["changes"] == []
    assert remembered(api) == first

    # Nothing but what the code reads.
    run = api.test("--delta", LONGEST="90")
    told = [line for line in run.output.splitlines() if line.startswith("Contract drift")]
    (line,) = told
    assert line == (
        "Contract drift: 3 operations differ from .contract-snapshot.json, 1 breaking "
        "(events_list: response-property-max-length-increased); manage.py contract_diff lists them."
    )
    assert (run.returncode, run.last_line.endswith("passed, 0 failed")) == (0, True)
    changes = run.report["contract"]["changes"]
    second = remembered(api)
    assert second != first

    # What is remembered is told again, also where only a part was asked for.
    run = api.test("test_api.OtherTests", LONGEST="90")
    assert line in run.output
    assert run.report["contract"]["changes"] == changes
    assert remembered(api) == second
    # It is what `contract_diff` says.
    found = api.manage("contract_diff", "--format", "json", LONGEST="90")
    assert [c["id"] for c in json.loads(found.stdout)["changes"]] == [c["id"] for c in changes]


def test_a_schema_that_cannot_be_built_fails_nothing(api):
    odd = "def get_serializer_class(self):\n        raise SystemExit('odd')\n"
    api.edit("urls.py", "serializer_class = EventSerializer", odd)
    # An explanation builds nothing.
    assert api.test("--delta", "--explain").report["contract"]["problem"] is None
    run = api.test()
    assert (run.returncode, run.last_line) == (0, "2 passed, 0 failed"), run.text
    assert "The contract wasn't compared with .contract-snapshot.json: odd" in run.output
    assert run.report["contract"]["changes"] is None
    assert run.report["contract"]["problem"] == "odd"
    assert remembered(api) is None


def test_merged_shards_compare_once(api):
    api.edit("urls.py", "max_length=80", "max_length=90")
    # Without a report, a shard compares nothing.
    shard = api.manage("test", "--shard", "1/1", "--testrunner", RUNNER)
    assert shard.returncode == 0, shard.stderr
    assert remembered(api) is None
    report = api.path / "merged.json"
    merged = api.manage("delta_merge", ".cdds/shards", "--report-json", str(report))
    assert merged.returncode == 0, merged.stderr
    *_, line, last = merged.stdout.splitlines()
    assert line.startswith("Contract drift: 3 operations differ from .contract-snapshot.json")
    assert last == "2 passed, 0 failed"
    assert json.loads(report.read_text())["contract"]["changes"]
    assert remembered(api) is not None
