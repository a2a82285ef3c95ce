"""What the laboratory wants of a tool."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.laboratory.scratch import Scratch


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What a tool would run."""

    discovered: int
    """Number of tests that it knows of."""
    selected: frozenset[str]
    """unittest's ids."""
    broken_modules: frozenset[str]
    """Test modules that can't be imported; running them fails, so all their tests count."""
    full_run_reason: str | None
    changes: list[str]


class Tool(Protocol):
    """Something that records a full run and selects tests after an edit."""

    name: str
    confirmed: bool
    """Whether tests are run once more before they count as missed."""
    state: str
    """What it keeps in the project, as a file or a directory."""
    kept: str
    """The same, as `record` puts it into a directory."""

    def record(self, scratch: Scratch, directory: Path) -> None:
        """Put into the directory what a full run teaches, unless it is there."""

    def select(self, scratch: Scratch, directory: Path) -> Selection | None:
        """Return what would run now, as after the recorded run; None where it ends in an error."""

    def succeeds(self, scratch: Scratch) -> bool:
        """Run what was selected; tell whether that ends without a complaint."""


def replace(old: Path, new: Path | None) -> None:
    """Replace a file or directory by a copy of another; by nothing where there is none."""
    if old.is_dir():
        shutil.rmtree(old)
    old.unlink(missing_ok=True)
    if new is None:
        return
    if new.is_dir():
        shutil.copytree(new, old)
    elif new.exists():
        shutil.copy2(new, old)
