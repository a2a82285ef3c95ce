"""The documents of other services, now and before."""

from __future__ import annotations

import json
import subprocess

import pytest

from cdds_django.contract.registry import services
from cdds_django.errors import ConfigurationError, ContractError


def document(*paths):
    return json.dumps({"openapi": "3.0.3", "paths": {path: {"get": {}} for path in paths}})


@pytest.fixture
def checkout(tmp_path):
    """A checkout with a committed document and a directory of two, edited since."""
    (tmp_path / "registry").mkdir()
    (tmp_path / "payments.json").write_text(document("/a"))
    (tmp_path / "registry" / "mail.json").write_text(document("/m"))
    (tmp_path / "registry" / "old.json").write_text(document("/o"))
    (tmp_path / "registry" / "README.md").write_text("Ours.")
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "Add"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "payments.json").write_text(document("/a", "/b"))
    (tmp_path / "registry" / "old.json").unlink()
    (tmp_path / "registry" / "new.json").write_text(document("/n"))
    (tmp_path / "added.json").write_text(document("/x"))
    return tmp_path


def paths(service):
    return [[row.path for row in side.operations] for side in (service.base, service.head)]


def test_git(checkout):
    upstreams = {"registry": checkout / "registry", "payments": checkout / "payments.json"}
    found = {service.name: paths(service) for service in services(upstreams, "git:HEAD")}
    assert found == {
        "payments": [["/a"], ["/a", "/b"]],
        "registry/mail": [["/m"], ["/m"]],
        "registry/new": [[], ["/n"]],
        "registry/old": [["/o"], []],
    }


def test_a_document_that_was_not_there_is_new(checkout):
    [service] = services({"added": checkout / "added.json"}, "git:HEAD")
    assert paths(service) == [[], ["/x"]]


def test_directory(checkout, tmp_path_factory):
    older = tmp_path_factory.mktemp("older")
    (older / "payments.json").write_text(document("/z"))
    (older / "registry").mkdir()
    (older / "registry" / "mail.json").write_text(document("/z"))
    upstreams = {"registry": checkout / "registry", "payments": checkout / "payments.json"}
    found = {service.name: paths(service) for service in services(upstreams, str(older))}
    assert found == {
        "payments": [["/z"], ["/a", "/b"]],
        "registry/mail": [["/z"], ["/m"]],
        "registry/new": [[], ["/n"]],
    }


@pytest.mark.parametrize(
    ("upstreams", "base", "error", "words"),
    [
        ([], "git:HEAD", ConfigurationError, "names no service"),
        (["none.json"], "git:HEAD", ContractError, "There is no file"),
        (["none"], "git:HEAD", ContractError, "holds no document"),
        (["payments.json"], "git:none", ContractError, "knows no revision"),
        (["payments.json"], "nowhere", ConfigurationError, "nowhere is neither"),
    ],
)
def test_errors(upstreams, base, error, words, checkout):
    with pytest.raises(error, match=words):
        services({name: checkout / name for name in upstreams}, base)
