"""A few workers killed at random: every test has an outcome, and nothing is left."""

from __future__ import annotations

from benchmarks.killed_workers import measure


def test_a_few(monkeypatch):
    monkeypatch.delenv("CDDS_TEST_POSTGRES", raising=False)
    # It raises where a promise isn't kept.
    assert int(measure(8, seed=3).partition(" kills")[0]) >= 1
