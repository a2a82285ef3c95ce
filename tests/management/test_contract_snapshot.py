"""`contract_snapshot` in projects of their own."""

from __future__ import annotations

import json
import os

import pytest


def test_same_bytes_under_any_hash_seed(project):
    texts = set()
    for seed in ("0", "1", "7", "4242"):
        result = project.manage("contract_snapshot", PYTHONHASHSEED=seed)
        assert result.returncode == 0, result.stderr
        texts.add((project.path / ".contract-snapshot.json").read_bytes())
    assert len(texts) == 1
    rows = json.loads(texts.pop())["operations"]
    assert [row["operationId"] for row in rows] == [
        "events_list",
        "events_create",
        "venues_retrieve",
    ]


def test_check(project):
    assert project.manage("contract_snapshot").returncode == 0
    same = project.manage("contract_snapshot", "--check")
    assert same.returncode == 0
    assert "up to date: 3 operations" in same.stdout

    before = (project.path / ".contract-snapshot.json").read_bytes()
    project.edit("urls.py", "max_length=80", "max_length=40")
    edited = project.manage("contract_snapshot", "--check")
    assert edited.returncode == 1
    assert "response-property-max-length-decreased" in edited.stdout
    assert "manage.py contract_snapshot" in edited.stdout
    assert (project.path / ".contract-snapshot.json").read_bytes() == before


def test_check_without_a_file(project):
    result = project.manage("contract_snapshot", "--check")
    assert result.returncode == 2
    assert "There is no contract snapshot" in result.stderr
    assert "Traceback" not in result.stderr


def test_output(project):
    result = project.manage("contract_snapshot", "--output", "deep/contract.json")
    assert result.returncode == 0, result.stderr
    assert (project.path / "deep" / "contract.json").is_file()
    assert not (project.path / ".contract-snapshot.json").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_unwritable_directory(project):
    (project.path / "locked").mkdir(mode=0o500)
    result = project.manage("contract_snapshot", "--output", "locked/contract.json")
    assert result.returncode == 2
    assert "Make" in result.stderr
    assert "Traceback" not in result.stderr


def test_project_without_an_api(project):
    project.edit("settings.py", '"rest_framework", ', "")
    (project.path / "urls.py").write_text("urlpatterns = []")
    result = project.manage("contract_snapshot")
    assert result.returncode == 2
    assert "This project has no contract" in result.stderr
    assert "Traceback" not in result.stderr


def test_what_is_not_stable_is_named(project):
    project.edit("urls.py", 'choices=["hall", "club"]', 'choices=list({"hall", "club", "pub"})')
    project.edit(
        "urls.py",
        "name = serializers.CharField(",
        "name = serializers.CharField(default=time.time(), ",
    )
    project.edit("urls.py", "from django.urls", "import time\n\nfrom django.urls")
    result = project.manage("contract_snapshot", "--verify-stable")
    assert result.returncode == 1
    assert "Venue/properties/name/default (made by urls.VenueSerializer.name): " in result.stderr
    assert "urls.VenueSerializer.kind): comes in another order" in result.stderr
    assert "defaults that are functions" in result.stderr
    assert not (project.path / ".contract-snapshot.json").exists()


def test_ci_verifies_what_it_checks(project):
    project.edit("urls.py", "title = serializers.CharField(", "title = serializers.CharField(**now")
    project.edit("urls.py", "class VenueS", "now = {'help_text': str(hash('now'))}\n\nclass VenueS")
    assert project.manage("contract_snapshot", CI="", PYTHONHASHSEED="1").returncode == 0
    for variable, status in (("", 0), ("true", 1)):
        result = project.manage("contract_snapshot", "--check", CI=variable, PYTHONHASHSEED="1")
        assert result.returncode == status
    assert "urls.EventSerializer.title" in result.stderr


def test_a_stable_schema_is_verified_and_written(project):
    result = project.manage("contract_snapshot", "--verify-stable")
    assert result.returncode == 0, result.stderr
    assert (project.path / ".contract-snapshot.json").exists()
