"""The process that builds the schema, from the parent's side."""

from __future__ import annotations

import sys

import pytest

from cdds_django.impact.code.tree import SourceTree
from cdds_django.runner.drift.process import ComparisonProcess, environment


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """A function that starts the process in a project with these settings."""

    def started(settings):
        (tmp_path / "slow_settings.py").write_text(settings)
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "slow_settings")
        monkeypatch.syspath_prepend(str(tmp_path))
        tree = SourceTree.of(tmp_path, (tmp_path,))
        return ComparisonProcess(tree, tmp_path / "api.json", tmp_path / "policy.toml")

    return started


def test_coverage_is_not_measured_there():
    found = environment({"COVERAGE_PROCESS_CONFIG": "x", "COV_CORE_SOURCE": "y", "MODE": "z"})
    assert found.keys() == {"MODE", "PYTHONPATH"}
    assert sys.path[-1] in found["PYTHONPATH"]


def test_nobody_waits_for_ever(begin):
    process = begin("import time\ntime.sleep(60)\n")
    assert not process.is_over(0.01)
    assert process.result(0.01).problem == "building the schema took more than 0.01 s longer"


def test_a_process_that_ends_early_says_why(begin):
    assert begin("raise ValueError('odd')").result().problem == "ValueError: odd"
    assert begin("import os\nos._exit(3)").result().problem == (
        "building the schema ended with status 3"
    )
    # It says so by leaving, and answers nothing.
    assert begin("import os\nos._exit(0)").result().problem == (
        "building the schema ended with status 0"
    )
