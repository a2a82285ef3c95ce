"""`benchmarks.laboratory.warm`: commands in forks are as in processes of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.laboratory import warm
from benchmarks.laboratory.warm import STARTER, Warm

SCRIPT = """
import os, sys, time
import helper
print(os.getcwd(), sys.argv, os.environ.get("COLOR"), helper.NUMBER, __name__)
if "wait" in sys.argv:
    time.sleep(60)
if "fail" in sys.argv:
    raise ValueError("no")
sys.exit(int(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def process() -> Iterator[Warm]:
    made = Warm(sys.executable, Path(warm.__file__).with_name(STARTER))
    yield made
    made.end()


@pytest.mark.parametrize(
    ("arguments", "limit_s", "status"),
    [(["0"], 30, 0), (["3"], 30, 3), (["0", "fail"], 30, 1), (["0", "wait"], 0.5, None)],
)
@pytest.mark.parametrize("number", [1, 2])
def test_commands_are_run(
    process: Warm, tmp_path: Path, number: int, arguments: list[str], limit_s: float, status: int
) -> None:
    (tmp_path / "manage.py").write_text(SCRIPT)
    (tmp_path / "helper.py").write_text(f"NUMBER = {number}\n")
    ended = process.run(
        ["manage.py", *arguments],
        path=tmp_path,
        environment={**os.environ, "COLOR": f"red {number}"},
        output=tmp_path / "output.txt",
        limit_s=limit_s,
    )
    assert ended == status
    if status is not None:
        said = f"{tmp_path} {['manage.py', *arguments]} red {number} {number} __main__\n"
        output = (tmp_path / "output.txt").read_text()
        # Which comes first, this or a traceback, depends on whether Python buffers its output.
        assert said in output
        assert ("ValueError: no" in output) == ("fail" in arguments)
