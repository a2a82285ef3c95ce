"""Approvals are added to the policy file, which stays as its authors wrote it."""

from __future__ import annotations

from datetime import date

import pytest

from cdds_django.contract.approving import approve
from cdds_django.contract.diff import diff
from cdds_django.contract.policy import read_policy
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.errors import ConfigurationError

TODAY = date(2026, 1, 31)


def document(**keys):
    parameters = [{"name": name, "in": "query", **keys} for name in "ab"]
    return {"openapi": "3.0.3", "paths": {"/x": {"get": {"parameters": parameters}}}}


@pytest.fixture
def found():
    return diff(snapshot_of(document()), snapshot_of(document(required=True)), TODAY)


def test_one(tmp_path, found):
    path = tmp_path / "policy.toml"
    path.write_text('# Ours.\n[levels]\n"api-tag-*" = "off"\n')
    first = found.changes[0]
    assert approve(path, found, [first.fingerprint], "Agreed.", TODAY) == [first]
    assert path.read_text().startswith('# Ours.\n[levels]\n"api-tag-*" = "off"\n\n# request-')
    applied = read_policy(path).applied(found, TODAY)
    assert [change.approved for change in applied.changes] == ["Agreed.", ""]
    assert applied.breaking


def test_all_and_again(tmp_path, found):
    path = tmp_path / "policy.toml"
    assert len(approve(path, found, ["all"], "Agreed.", None)) == 2
    text = path.read_text()
    applied = read_policy(path).applied(found, TODAY)
    assert not applied.breaking
    assert approve(path, applied, ["all"], "Agreed.", None) == []
    approve(path, applied, [found.changes[0].fingerprint], "Twice.", None)
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("fingerprints", "reason", "words"),
    [(["all"], " ", "needs a reason"), (["ffff"], "Agreed.", "no change ffff")],
)
def test_errors(fingerprints, reason, words, tmp_path, found):
    with pytest.raises(ConfigurationError, match=words):
        approve(tmp_path / "policy.toml", found, fingerprints, reason, None)
    assert not (tmp_path / "policy.toml").exists()


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path, found):
    path = tmp_path / "policy.toml"
    path.write_text("broken")
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        approve(path, found, ["all"], "Agreed.", None)
    assert path.read_text() == "broken"
