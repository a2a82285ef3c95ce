"""A few histories of migrations; the benchmark goes through hundreds."""

from __future__ import annotations

from benchmarks.database_histories import run


def test_no_database_is_stale():
    counts, stale = run(number=3, steps=5, seed=7)
    assert stale == []
    assert counts["made"] + counts["found"] == counts["states"] == 18
    # Switched branches, and edits that have nothing to do with databases.
    assert counts["found"] >= 2
