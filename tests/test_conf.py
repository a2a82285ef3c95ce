"""The settings: defaults, and values read anew on each access."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from cdds_django.checks import check_settings
from cdds_django.conf import DEFAULTS, Settings, settings


@pytest.fixture(autouse=True)
def configured():
    if not django_settings.configured:
        django_settings.configure()


def test_every_setting_has_a_property():
    properties = {n for n, v in vars(Settings).items() if isinstance(v, property)} - {"root"}
    assert {name.lower() for name in DEFAULTS} == properties


def test_defaults_are_valid():
    with override_settings(CDDS=dict(DEFAULTS)):
        assert check_settings() == []


@override_settings(CDDS={})
def test_defaults(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CDDS_STATE_DIR", raising=False)
    assert settings.snapshot == tmp_path / ".contract-snapshot.json"
    assert settings.state_dir == tmp_path / ".cdds"
    assert settings.sources == (tmp_path,)
    assert settings.watch == ()
    assert (settings.delta, settings.record, settings.coverage) == (False, True, False)
    assert (settings.parallel, settings.max_workers, settings.keepdb) == ("auto", None, True)
    assert (settings.fast_hasher, settings.isolate_caches, settings.isolate_media) == (True,) * 3
    assert (settings.cold_start, settings.upstreams) == ("full", {})


def test_values(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with override_settings(
        CDDS={"SOURCES": ["src", Path("/lib")], "UPSTREAMS": {"pay": "pay.json"}, "DELTA": True}
    ):
        assert settings.sources == (tmp_path / "src", Path("/lib"))
        assert settings.upstreams == {"pay": tmp_path / "pay.json"}
        assert settings.delta
    assert not settings.delta


def test_environment_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("CDDS_STATE_DIR", str(tmp_path / "elsewhere"))
    with override_settings(CDDS={"STATE_DIR": "here"}):
        assert settings.state_dir == tmp_path / "elsewhere"
    monkeypatch.setenv("CDDS_STATE_DIR", "")
    with override_settings(CDDS={"STATE_DIR": "here"}):
        assert settings.state_dir == Path.cwd() / "here"
