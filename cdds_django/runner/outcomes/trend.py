"""What is kept of each run, to compare later ones with: `runs.jsonl` in the state directory.

One line of JSON a run, the newest last. Runs without `--no-record` add to it, also when they select
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cdds_django.errors import StateFileError
from cdds_django.files import ignore_in_git, write_text

FILE_NAME = "runs.jsonl"
SCHEMA = 1
KEPT = 500
"""How many runs are kept. The file may have twice as many lines before it is cut."""


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One run in short. Times are seconds of wall time."""

    started_at: str
    """ISO 8601, with the offset from UTC."""
    mode: str
    """full, delta or contract."""
    is_full: bool
    """Whether all tests that were asked for ran, by choice or because it couldn't be told."""
    is_whole: bool
    """Whether all tests of the project were asked for, not some labels, tags or a part."""
    discovered: int
    selected: int
    passed: int
    failed: int
    skipped: int
    not_run: int
    """Tests that the run was stopped before."""
    flaky: int
    workers: int
    total_s: float
    decide_s: float
    database_s: float
    run_s: float
    tests_s: float
    """Of all workers together."""

    @property
    def skip_ratio(self) -> float:
        """Tests left out per test discovered."""
        return (self.discovered - self.selected) / self.discovered if self.discovered else 0.0


@dataclass(frozen=True, kw_only=True)
class Trend:
    """What is known of earlier runs."""

    runs: tuple[RunSummary, ...] = ()
    """Oldest first."""
    unreadable: int = 0
    """Lines that another version wrote, or that are broken. They stay in the file."""

    def notices(self, state_dir: Path) -> Iterator[str]:
        """Yield what a person should know of the file."""
        if self.unreadable:
            number = "1 line" if self.unreadable == 1 else f"{self.unreadable} lines"
            yield (
                f"This version of cdds_django can't read {number} of {state_dir / FILE_NAME}, each "
                "an earlier run; left as found."
            )


def read(state_dir: Path) -> Trend:
    """Return the newest runs. Raises StateFileError where the file can't be read."""
    runs: list[RunSummary] = []
    unreadable = 0
    for line in _lines(state_dir / FILE_NAME)[-KEPT:]:
        try:
            stored: dict[str, Any] = json.loads(line)
            if stored.pop("schema") != SCHEMA:
                raise ValueError("another schema")
            runs.append(RunSummary(**stored))
        except (ValueError, KeyError, TypeError, AttributeError):
            unreadable += 1
    return Trend(runs=tuple(runs), unreadable=unreadable)


def last_full(runs: Sequence[RunSummary]) -> RunSummary | None:
    """Return the last run of all the project's tests, None if there was none."""
    for run in reversed(runs):
        if run.is_full and run.is_whole and not run.not_run:
            return run
    return None


def add(state_dir: Path, run: RunSummary) -> None:
    """Add a run. Raises StateFileError where the file can't be written."""
    path = state_dir / FILE_NAME
    line = json.dumps({"schema": SCHEMA, **asdict(run)}) + "\n"
    known = _lines(path)
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        ignore_in_git(state_dir)
        if len(known) >= 2 * KEPT:
            write_text(path, "".join([*known[-KEPT + 1 :], line]))
            return
        with path.open("a", encoding="utf-8") as file:
            # One write: runs that end at the same time don't mix their lines.
            file.write(line if not known or known[-1].endswith("\n") else f"\n{line}")
    except OSError as error:
        raise StateFileError(
            f"Can't write {path}: {error.strerror}. Make {state_dir} writable, or pass --no-record."
        ) from error


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StateFileError(f"Can't read {path}: {error.strerror}.") from error
