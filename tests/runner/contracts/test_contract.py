"""Choosing by operation: `--operation`, `--base` and a first run by tags."""

from __future__ import annotations

import subprocess

import pytest

SNAPSHOT = ".contract-snapshot.json"

TESTS = {
    "tests/__init__.py": "",
    "tests/test_api.py": """
from django.test import SimpleTestCase

from cdds_django.testing import covers


class EventTests(SimpleTestCase):
    def test_list(self):
        self.assertEqual(self.client.get("/events/").json(), [])

    @covers("events_create")
    def test_create(self):
        pass


@covers("GET /venues/{id}/")
class VenueTests(SimpleTestCase):
    def test_venue(self):
        pass


class OtherTests(SimpleTestCase):
    def test_other(self):
        pass
""",
}


@pytest.fixture(scope="module")
def snapshots():
    """The committed contract once it was made, by name."""
    return {}


@pytest.fixture
def api(project, make_project, snapshots):
    """The DRF project with tests."""
    text = (project.path / "settings.py").read_text()
    made = make_project({"urls.py": (project.path / "urls.py").read_text(), **TESTS}, text)
    if not snapshots:
        assert made.manage("contract_snapshot").returncode == 0
        snapshots[SNAPSHOT] = (made.path / SNAPSHOT).read_text()
    made.write(snapshots)
    return made


def test_operation(api):
    assert api.test().returncode == 0
    run = api.test("--operation", "events_list", "--no-record")
    assert run.passed == ["EventTests.test_list"], run.text
    run = api.test(
        "--operation", "events_create", "--operation", "GET /venues/{id}/", "--no-record"
    )
    assert run.passed == ["EventTests.test_create", "VenueTests.test_venue"]
    assert api.test("--operation", "venues_retrieve", "--no-record").passed == run.passed[1:]
    unknown = api.test("--operation", "event_list")
    assert unknown.returncode == 2
    assert "--operation 'event_list': not in" in unknown.errors
    assert "Did you mean 'events_list'" in unknown.errors
    assert "Traceback" not in unknown.errors


def test_operation_of_a_map_that_is_older_than_the_snapshot(api):
    snapshot = api.path / SNAPSHOT
    text = snapshot.read_text()
    run = api.test("--operation", "GET /venues/{id}/", "--no-record")
    assert run.passed == ["VenueTests.test_venue"]
    assert "There is no impact map: only tests with @covers" in run.text
    snapshot.unlink()
    assert api.test().returncode == 0
    run = api.test("--operation", "GET /events/", "--no-record")
    assert run.passed == ["EventTests.test_list"], run.text
    snapshot.write_text(text)
    assert api.test("--operation", "events_list", "--no-record").passed == run.passed


def test_base(api):
    (api.path / SNAPSHOT).rename(api.path / "base.json")
    subprocess.run(["git", "init", "-q"], cwd=api.path, check=True)
    api.edit("urls.py", "max_length=80", "max_length=40")
    run = api.test("--delta", "--base", "base.json", "--no-record")
    # The venue is part of events too; where nothing is recorded, @covers tells who calls what.
    assert run.passed == ["EventTests.test_create", "VenueTests.test_venue"], run.text
    assert run.report["mode"] == "contract"
    assert run.report["contract"]["affected_operations"]
    assert "by the contract alone (logic isn't compared)" in run.output
    assert {r["kind"] for t in run.report["tests"] for r in t["reasons"]} == {"operation"}

    for command in (
        ["add", "base.json"],
        ["mv", "base.json", ".contract-snapshot.json"],
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "base"],
    ):
        subprocess.run(["git", *command], cwd=api.path, check=True)
    again = api.test("--delta", "--base", "git:HEAD", "--no-record")
    assert again.passed == run.passed
    for wrong in ("missing.json", "git:nowhere"):
        run = api.test("--delta", "--base", wrong)
        assert run.returncode == 2
        assert "Traceback" not in run.errors


def test_first_run_by_tags(api):
    api.edit("settings.py", "ROOT_URLCONF", 'CDDS = {"COLD_START": "tags"}\nROOT_URLCONF')
    api.edit("urls.py", "title = serializers.CharField()", "title = serializers.IntegerField()")
    run = api.test("--delta")
    assert run.passed == ["EventTests.test_create"], run.text
    assert run.report["mode"] == "contract"


@pytest.mark.parametrize("content", ["{", "[]", '{"schema": 99}'])
def test_broken_snapshot(api, content):
    path = api.path / SNAPSHOT
    path.write_text(content)
    for options in ([], ["--delta"], ["--operation", "events_list"]):
        run = api.test(*options)
        assert run.returncode == 2, run.text
        assert ".contract-snapshot.json" in run.errors
        assert "Traceback" not in run.errors
    assert path.read_text() == content


def test_without_a_contract(make_project):
    plain = make_project({k: v for k, v in TESTS.items() if k == "tests/__init__.py"})
    run = plain.test("--operation", "events_list")
    assert run.returncode == 2
    assert "Traceback" not in run.errors
