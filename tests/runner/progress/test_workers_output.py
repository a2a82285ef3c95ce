"""What other processes print, through the parent's pipe."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from cdds_django.runner.progress.workers_output import OutputPlan, WorkersOutput

PROGRAM = """
import os, pickle, subprocess, sys
pickle.loads(sys.stdin.buffer.read()).redirect()
print("printed")
print("told", file=sys.stderr)
sys.stdout.flush()
subprocess.run(["echo", "by a program"])
os.write(1, b"x" * 300_000 if "much" in sys.argv else b"")
"""


def run(plan, *arguments):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        input=pickle.dumps(plan),
        capture_output=True,
        check=True,
        timeout=30,
    )


@pytest.fixture
def output(tmp_path):
    made = WorkersOutput(tmp_path, (1, 2))
    yield made
    made.close()


def test_it_is_taken_when_it_is_wanted(output):
    assert output.take() == b""
    found = run(output.plan)
    assert (found.stdout, found.stderr) == (b"", b"")
    assert sorted(output.take().splitlines()) == [b"by a program", b"printed", b"told"]
    assert output.take() == b""


def test_what_does_not_lead_to_the_terminal_stays(tmp_path):
    output = WorkersOutput(tmp_path, (2,))
    assert run(output.plan).stdout.splitlines() == [b"printed", b"by a program"]
    assert output.take() == b"told\n"
    output.close()


def test_much_can_be_printed_before_it_is_taken(output):
    run(output.plan, "much")
    assert output.take().count(b"x") == 300_000


def test_another_machine_keeps_its_own(tmp_path):
    output = WorkersOutput(tmp_path, (1, 2))
    gone = OutputPlan(path=tmp_path / "elsewhere", descriptors=(1, 2))
    assert run(gone).stdout.startswith(b"printed")
    # The directory is shared, and nobody reads there.
    output.close()
    assert run(output.plan).stdout.startswith(b"printed")
