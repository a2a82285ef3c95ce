"""A few histories of migrations; the benchmark goes through hundreds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def test_no_database_is_stale():
    # A process of its own: each state is looked at in a fork of it, where Django isn't set up yet.
    command = [sys.executable, "-m", "benchmarks.database_histories"]
    run = subprocess.run(
        [*command, "--number", "3", "--steps", "5", "--seed", "7"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    told = re.match(
        r"3 histories, 18 states: (\d+) databases made, (\d+) found, 0 diff", run.stdout
    )
    assert told, run.stdout
    # Switched branches, and edits that have nothing to do with databases.
    assert int(told[2]) >= 2
