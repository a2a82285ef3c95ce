"""What the last comparison found, and of what state of the project: `contract.json`.

Building the schema again would find the same as long as nothing changed that building it ran,
loaded or read. The file saves time only: whatever can't be read or told is compared anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdds_django import __version__
from cdds_django.files import write_text
from cdds_django.impact.records import Dependency
from cdds_django.runner.drift.changes import ContractChange

if TYPE_CHECKING:
    from cdds_django.impact.code.symbols import Symbols

FILE_NAME = "contract.json"

_VERSION = f"1 {__version__}"
"""Another version of this package may know other rules."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The last comparison."""

    changes: tuple[ContractChange, ...]
    day: str
    """When that was: approvals, and the ends of operations that were announced, have a date."""
    committed: Mapping[str, str]
    """Digests of the contract snapshot and of the policy, by path from the root."""
    files: Mapping[str, str]
    """Digests of all first-party Python files, by key."""
    loaded: frozenset[str]
    """Those of them that building the schema loaded."""
    ran: frozenset[str]
    """The keys of the functions that it ran."""
    surroundings: Mapping[Dependency, str]
    """States of all else that it read."""

    def holds(
        self,
        *,
        today: date,
        committed: Mapping[str, str],
        files: Mapping[str, str],
        cuts: Callable[[str, str], tuple[Symbols, Symbols] | None],
        fingerprints: Callable[[Iterable[Dependency]], Mapping[Dependency, str]],
    ) -> bool:
        """Whether a comparison would find the same now.

        `cuts` returns what a file consisted of when it had a digest, and what it consists of now,
        or None where that isn't known any more.
        """
        if self.changes and self.day != today.isoformat():
            return False
        if self.committed != committed or self.files.keys() != files.keys():
            return False
        changed = [key for key in self.loaded if files.get(key) != self.files.get(key)]
        if any(self._may_matter(key, cuts(key, self.files[key])) for key in changed):
            return False
        return fingerprints(self.surroundings) == self.surroundings

    def _may_matter(self, key: str, versions: tuple[Symbols, Symbols] | None) -> bool:
        if versions is None:
            return True
        before, now = versions
        if before.import_digest != now.import_digest:
            return True
        names = before.functions.keys() | now.functions.keys()
        return any(
            f"{key}::{name}" in self.ran
            for name in names
            if before.functions.get(name) != now.functions.get(name)
        )


def read(state_dir: Path) -> Memory | None:
    """Return what is remembered, None where there is nothing that this version can read."""
    try:
        whole: Any = json.loads((state_dir / FILE_NAME).read_bytes())
        if whole["version"] != _VERSION:
            return None
        return Memory(
            changes=tuple(map(ContractChange.from_json, whole["changes"])),
            day=whole["day"],
            committed=whole["committed"],
            files=whole["files"],
            loaded=frozenset(whole["loaded"]),
            ran=frozenset(whole["ran"]),
            surroundings={Dependency(kind, key): to for kind, key, to in whole["surroundings"]},
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Nothing but time is lost with it.
        return None


def write(state_dir: Path, memory: Memory) -> None:
    """Remember a comparison. Raises StateFileError."""
    whole = {
        "version": _VERSION,
        "changes": [change.as_json() for change in memory.changes],
        "day": memory.day,
        "committed": dict(memory.committed),
        "files": dict(memory.files),
        "loaded": sorted(memory.loaded),
        "ran": sorted(memory.ran),
        "surroundings": [[*key, state] for key, state in sorted(memory.surroundings.items())],
    }
    write_text(state_dir / FILE_NAME, json.dumps(whole))
