"""`contract_diff` in projects of their own."""

from __future__ import annotations

import json

import pytest

DOCUMENT = {
    "openapi": "3.0.3",
    "paths": {"/a/": {"get": {"operationId": "a", "responses": {"200": {"description": ""}}}}},
}


@pytest.fixture
def documents(project):
    """Two documents beside a project without DRF: `old.json` has an operation more."""
    project.edit("settings.py", '"rest_framework", ', "")
    project.edit("settings.py", 'ROOT_URLCONF = "urls"', "")
    (project.path / "old.json").write_text(json.dumps(DOCUMENT))
    (project.path / "new.json").write_text(json.dumps({**DOCUMENT, "paths": {}}))
    (project.path / "sitecustomize.py").write_text(
        "import sys\nsys.modules['rest_framework'] = sys.modules['drf_spectacular'] = None\n"
    )
    return project


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["old.json", "new.json"], 1),
        (["old.json", "new.json", "--fail-on", "any"], 1),
        (["old.json", "new.json", "--fail-on", "none"], 0),
        (["new.json", "old.json"], 0),
        (["new.json", "old.json", "--fail-on", "any"], 1),
        (["old.json", "old.json", "--fail-on", "any"], 0),
    ],
)
def test_exit_status_of_two_files_without_drf(arguments, status, documents):
    result = documents.manage("contract_diff", *arguments)
    assert result.returncode == status, result.stderr


def test_json(documents):
    result = documents.manage("contract_diff", "old.json", "new.json", "--format", "json")
    whole = json.loads(result.stdout)
    assert whole["breaking"] is True
    assert whole["operations"]["removed"] == ["a"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.json", "old.json"], "There is no file none.json"),
        (["git:HEAD", "old.json"], "git"),
        (["old.json"], "isn't installed"),
        ([], "There is no contract snapshot"),
        (["old.json", "new.json", "--format", "pdf"], "invalid choice"),
    ],
)
def test_errors_are_one_message(arguments, words, documents):
    result = documents.manage(
        "contract_diff", *arguments, GIT_CEILING_DIRECTORIES=str(documents.path.parent)
    )
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_the_snapshot_against_the_code(project):
    assert project.manage("contract_snapshot").returncode == 0
    assert "the same" in project.manage("contract_diff").stdout
    project.edit("urls.py", 'choices=["hall", "club"]', 'choices=["hall", "club", "park"]')
    result = project.manage("contract_diff", "--fail-on", "none")
    assert result.returncode == 0, result.stderr
    assert 'the value "park"' in result.stdout
    assert "in components/schemas/Venue/properties/kind" in result.stdout
    assert "made by urls.VenueSerializer.kind" in result.stdout


def test_approvals(documents):
    result = documents.manage("contract_diff", "old.json", "new.json", "--format", "json")
    [change] = json.loads(result.stdout)["changes"]
    result = documents.manage(
        *("contract_diff", "old.json", "new.json", "--approve", change["fingerprint"]),
        *("--reason", "Nobody calls it.", "--expires", "2999-12-31"),
    )
    assert result.returncode == 0, result.stderr
    assert "Approved" in result.stdout
    result = documents.manage("contract_diff", "old.json", "new.json")
    assert result.returncode == 0
    assert "approved: Nobody calls it." in result.stdout


def test_other_services(documents):
    (documents.path / "now").mkdir()
    (documents.path / "before").mkdir()
    (documents.path / "before" / "shop.json").write_text(json.dumps(DOCUMENT))
    (documents.path / "now" / "shop.json").write_text(json.dumps({**DOCUMENT, "paths": {}}))
    with (documents.path / "settings.py").open("a") as settings:
        settings.write("\nCDDS = {'UPSTREAMS': {'shop': 'now/shop.json'}}\n")
    result = documents.manage("contract_diff", "--all", "before")
    assert result.returncode == 1, result.stderr
    assert result.stdout.startswith("shop\n1 cause of 1 change: 1 breaking")
    whole = json.loads(
        documents.manage("contract_diff", "--all", "before", "--format", "json").stdout
    )
    assert [service["title"] for service in whole["services"]] == ["shop"]
    assert documents.manage("contract_diff", "--all", "now").returncode == 0
    assert documents.manage("contract_diff", "--all", "a", "b").returncode == 2
