"""What is to be rehearsed, and where things are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import shell


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """One event, and the directory that stands for the CI system."""

    repository: Path
    at: Path
    event: str
    branch: str
    base: str
    job: str | None
    """The only job to run."""
    variables: Mapping[str, str]
    """They win over the workflow's: where servers are, for one."""

    @property
    def is_change(self) -> bool:
        """Whether a change asks to be merged."""
        return self.event == "pull_request"

    @property
    def sha(self) -> str:
        return shell.git(self.repository, "rev-parse", self.branch)

    @property
    def run(self) -> str:
        """A name for what the event runs."""
        return f"{self.event}-{self.sha[:10]}"

    @property
    def caches(self) -> Path:
        return self.at / "caches"

    @property
    def artefacts(self) -> Path:
        return self.at / "artefacts" / self.run
