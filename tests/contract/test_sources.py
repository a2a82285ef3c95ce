"""Sides of a comparison: files and git revisions."""

from __future__ import annotations

import json
import subprocess

import pytest

from cdds_django.contract.snapshot import snapshot_of, write_snapshot
from cdds_django.contract.sources import snapshot_at
from cdds_django.errors import ContractError, StateFileError

DOCUMENT = {"openapi": "3.0.3", "paths": {"/a": {"get": {}}}}


@pytest.fixture
def checkout(tmp_path):
    """A git checkout with a committed snapshot and document, both edited since."""
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    api = tmp_path / "api"
    api.mkdir()
    write_snapshot(api / "snapshot.json", snapshot_of(DOCUMENT))
    (api / "openapi.json").write_text(json.dumps(DOCUMENT))
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "Add"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (api / "snapshot.json").write_text("edited")
    (api / "openapi.json").write_text("edited")
    return tmp_path


def test_snapshot_and_document_are_told_apart_by_content(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(DOCUMENT))
    write_snapshot(tmp_path / "two.json", snapshot_of(DOCUMENT))
    one, two = (snapshot_at(str(tmp_path / name), tmp_path) for name in ("one.json", "two.json"))
    assert one == two


def test_git_revision(checkout):
    assert snapshot_at("git:HEAD", checkout / "api" / "snapshot.json") == snapshot_of(DOCUMENT)


def test_git_revision_of_another_file(checkout):
    path = checkout / "api" / "openapi.json"
    assert snapshot_at(f"git:HEAD:{path}", checkout / "none") == snapshot_of(DOCUMENT)


@pytest.mark.parametrize(
    ("source", "name", "words"),
    [
        ("git:nope", "api/snapshot.json", "no revision 'nope'"),
        ("git:--help", "api/snapshot.json", "no revision '--help'"),
        ("git:", "api/snapshot.json", "names no revision"),
        ("git:HEAD", "api/other.json", "no file other.json"),
        ("git:HEAD", "gone/other.json", "no file gone/other.json"),
    ],
)
def test_git_errors(source, name, words, checkout):
    with pytest.raises(ContractError, match=words):
        snapshot_at(source, checkout / name)


def test_outside_of_git(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ContractError, match="not inside one"):
        snapshot_at("git:HEAD", tmp_path / "snapshot.json")


def test_newer_snapshot(tmp_path):
    path = tmp_path / "new.json"
    path.write_text('{"schema": 2, "operations": []}')
    with pytest.raises(StateFileError, match="Upgrade"):
        snapshot_at(str(path), path)
