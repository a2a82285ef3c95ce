"""The parent's handle on the process that builds the schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.records import Dependencies, Dependency
from cdds_django.runner.drift.changes import ContractChange

PATIENCE_S = 60.0
"""How long after the last test the process may take."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What the process answered."""

    changes: tuple[ContractChange, ...] = ()
    problem: str = ""
    """Why nothing could be compared; empty where it was."""
    seen: Dependencies = frozenset()
    """What setting Django up and building the schema ran and read."""
    loaded: frozenset[str] = frozenset()
    """The first-party files that these loaded, by key."""


class ComparisonProcess:
    """Runs `build`. It takes part in no run: Ctrl-C at the terminal doesn't reach it."""

    def __init__(self, tree: SourceTree, snapshot: Path, policy: Path) -> None:
        # Without names, so that none are left when this process is killed.
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        request = {
            "root": str(tree.root),
            "sources": [str(source) for source in tree.sources],
            "sys_path": sys.path,
            "program": sys.argv[0],
            "snapshot": str(snapshot),
            "policy": str(policy),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cdds_django.runner.drift.build"],
            stdin=subprocess.PIPE,
            stdout=self._answer,
            stderr=self._errors,
            cwd=tree.root,
            start_new_session=True,
            env=environment(os.environ),
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode())
        self._process.stdin.close()

    def is_over(self, timeout_s: float) -> bool:
        """Whether it has ended, or does within some seconds."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def result(self, timeout_s: float = PATIENCE_S) -> Comparison:
        """Wait for the end and return the answer."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.abandon()
            return Comparison(problem=f"building the schema took more than {timeout_s:g} s longer")
        with self._answer, self._errors:
            told = _read(self._answer) if self._process.returncode == 0 else None
            if told is None:
                self._errors.seek(0)
                lines = self._errors.read().decode(errors="replace").strip().splitlines()
                status = f"building the schema ended with status {self._process.returncode}"
                return Comparison(problem=lines[-1] if lines else status)
        return Comparison(
            changes=tuple(map(ContractChange.from_json, told.get("changes", ()))),
            problem=told.get("problem", ""),
            seen=frozenset(Dependency(kind, key) for kind, key in told["seen"]),
            loaded=frozenset(told["loaded"]),
        )

    def abandon(self) -> None:
        """End the process where its answer isn't wanted any more."""
        self._process.kill()
        self._process.wait()
        self._answer.close()
        self._errors.close()


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the process, by this one's.

    What building the schema runs is nothing that tests cover: without the variables by which
    coverage.py measures processes that were started.
    """
    kept = {k: v for k, v in ours.items() if not k.startswith(("COVERAGE_", "COV_CORE_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _read(file: Any) -> Mapping[str, Any] | None:
    file.seek(0)
    try:
        told: Mapping[str, Any] = json.loads(file.read())
    except ValueError:
        return None  # It left by itself, as by `sys.exit()` in the project's code.
    return told
