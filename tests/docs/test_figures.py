"""Figures that the comparison quotes are those of the benchmarks' page, also after that changed."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
COMPARISON = (REPOSITORY / "docs" / "comparison.md").read_text(encoding="utf-8")
BENCHMARKS = (REPOSITORY / "benchmarks" / "README.md").read_text(encoding="utf-8")


def test_rows_about_testmon():
    ours = rows(COMPARISON.split("missed by testmon", 1)[1])
    theirs = rows(BENCHMARKS.split("missed mutants, testmon", 1)[1])
    assert sorted(ours) == sorted(theirs)


def rows(text: str) -> list[str]:
    """Return the rows of the table that goes on here, without the words of their first column."""
    table = text.split("\n\n", 1)[0].splitlines()[2:]
    return [row.partition("| ")[2].partition(" | ")[2] for row in table]


def test_ranges_begin_and_end_with_measured_figures():
    ranges = re.findall(r"([\d.]+) to ([\d.]+) times", COMPARISON)
    assert len(ranges) == 2
    for figure in (figure for pair in ranges for figure in pair):
        assert f"| {figure}x |" in BENCHMARKS


def test_other_figures():
    figures = re.findall(r"\d+\.\d+%?|\d+%", COMPARISON)
    assert len(figures) > 10
    assert [figure for figure in figures if figure not in BENCHMARKS] == []
