"""What is kept of each run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cdds_django.errors import StateFileError
from cdds_django.runner.outcomes import trend
from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow, Timings


def in_short(**more):
    rows = [TestRow(id="a", outcome="passed"), TestRow(id="b", outcome="not_selected")]
    fields = {"mode": "delta", "full_run_reason": None, "tests": tuple(rows), "is_whole": True}
    return RunOutcome(**{**fields, "timings": Timings(total_s=1.23456), **more}).in_short()


def test_runs_are_kept_in_order(tmp_path):
    assert trend.read(tmp_path / "none") == trend.Trend()
    first, second = in_short(), replace(in_short(), passed=7)
    trend.add(tmp_path / "state", first)
    trend.add(tmp_path / "state", second)
    assert trend.read(tmp_path / "state").runs == (first, second)
    assert (tmp_path / "state" / ".gitignore").read_text() == "*\n"
    assert (first.skip_ratio, first.total_s, first.is_full) == (0.5, 1.235, False)


def test_full_runs():
    assert in_short(tests=(TestRow(id="a", outcome="failed"),)).is_full
    assert not in_short(tests=()).is_full


def test_lines_that_cannot_be_read_stay(tmp_path):
    trend.add(tmp_path, in_short())
    path = tmp_path / trend.FILE_NAME
    newer = json.dumps({"schema": 99, "started_at": "later"})
    path.write_text(f'{path.read_text()}{newer}\n{{"schema": 1, "cut')
    trend.add(tmp_path, in_short())
    found = trend.read(tmp_path)
    assert (len(found.runs), found.unreadable) == (2, 2)
    assert newer in path.read_text()


def test_old_runs_go(tmp_path, monkeypatch):
    monkeypatch.setattr(trend, "KEPT", 3)
    for number in range(7):
        trend.add(tmp_path, replace(in_short(), passed=number))
    assert len((tmp_path / trend.FILE_NAME).read_text().splitlines()) == 3
    assert [run.passed for run in trend.read(tmp_path).runs] == [4, 5, 6]


def test_a_directory_in_its_place(tmp_path):
    (tmp_path / trend.FILE_NAME).mkdir()
    with pytest.raises(StateFileError, match="Can't read"):
        trend.read(tmp_path)


def test_a_run_tells_of_what_it_cannot_read(make_project):
    """And does so before tests run: afterwards, their reports would be lost."""
    project = make_project({"tests.py": TESTS})
    state = project.path / ".cdds"
    state.mkdir()
    (state / trend.FILE_NAME).write_text('{"schema": 99}\n')
    run = project.test()
    assert run.returncode == 0
    assert "can't read 1 line of" in run.output
    assert '{"schema": 99}' in (state / trend.FILE_NAME).read_text()
    (state / trend.FILE_NAME).unlink()
    (state / trend.FILE_NAME).mkdir()
    run = project.test()
    assert (run.returncode, run.report) == (2, {})
    assert "Can't read" in run.errors
    assert "Ran 1 test" not in run.errors


TESTS = """
import unittest


class Tests(unittest.TestCase):
    def test_it(self):
        pass
"""
