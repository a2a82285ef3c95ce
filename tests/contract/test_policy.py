"""Levels and approvals of a team."""

from __future__ import annotations

from datetime import date

import pytest

from cdds_django.contract.diff import diff
from cdds_django.contract.policy import Approval, Policy, approval_text, read_policy
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.errors import ConfigurationError

TODAY = date(2026, 1, 31)
RULE = "request-parameter-became-required"


def document(**keys):
    parameters = [{"name": "page", "in": "query", **keys}]
    return {"openapi": "3.0.3", "paths": {"/a": {"get": {"parameters": parameters}}}}


@pytest.fixture
def found():
    return diff(snapshot_of(document()), snapshot_of(document(required=True)), TODAY)


def policy(path, text):
    (path / "policy.toml").write_text(text)
    return read_policy(path / "policy.toml")


def test_no_file_decides_nothing(tmp_path, found):
    assert read_policy(tmp_path / "none.toml") == Policy()
    assert Policy().applied(found, TODAY) == found
    assert found.breaking


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        (f'{RULE} = "warning"', "warning"),
        ('"request-*" = "info"', "info"),
        (f'"request-*" = "info"\n{RULE} = "error"', "error"),
        ('"response-*" = "info"', "error"),
    ],
)
def test_levels(levels, level, tmp_path, found):
    applied = policy(tmp_path, f"[levels]\n{levels}\n").applied(found, TODAY)
    assert [change.level for change in applied.changes] == [level]
    assert applied.breaking == (level == "error")


def test_off(tmp_path, found):
    applied = policy(tmp_path, f'[levels]\n{RULE} = "off"\n').applied(found, TODAY)
    assert applied.changes == ()
    assert applied.affected == found.affected


@pytest.mark.parametrize(
    ("expires", "allowed"), [(None, True), (TODAY, True), (date(2026, 1, 30), False)]
)
def test_approvals_end(expires, allowed, found):
    [change] = found.changes
    approval = Approval(fingerprint=change.fingerprint, reason="Agreed.", expires=expires)
    decided = Policy(approvals=(approval,))
    assert decided.applied(found, TODAY).breaking != allowed
    warnings = decided.warnings(found, TODAY)
    assert bool(warnings) != allowed
    assert all("2026-01-30" in warning and change.text in warning for warning in warnings)


def test_an_approval_is_of_one_change(found):
    decided = Policy(approvals=(Approval(fingerprint="other", reason="Agreed."),))
    assert decided.applied(found, TODAY).breaking
    assert decided.warnings(found, TODAY) == []


def test_text_is_read_back(tmp_path):
    approvals = (
        Approval(fingerprint="00ff", reason='He said "yes"\n\x7f', expires=TODAY),
        Approval(fingerprint="ff00", reason="Always."),
    )
    text = "\n".join(map(approval_text, approvals))
    assert policy(tmp_path, text).approvals == approvals


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[levels]\nx\ny = 1", "line 2"),
        ("[level]", "'level' is not a part of a policy"),
        ("levels = 1", "levels must be a table"),
        (f'[levels]\n{RULE} = "grave"', "must be error, warning, info or off"),
        ('[levels]\nrequest-parameter-became-requird = "info"', f"Did you mean {RULE}?"),
        ("approvals = 1", "under [[approvals]]"),
        ('[[approvals]]\nreason = "x"', "approval 1 needs a fingerprint"),
        ('[[approvals]]\nfingerprint = "x"\nreason = " "', "approval 1 needs a reason"),
        (
            '[[approvals]]\nfingerprint = "x"\nreason = "x"\nexpires = "soon"',
            "must be a date, such as 2027-01-31, unquoted",
        ),
    ],
)
def test_what_it_cannot_mean(text, words, tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        policy(tmp_path, text)
    assert words in str(caught.value)
    assert "policy.toml" in str(caught.value)
