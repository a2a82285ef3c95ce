"""A clone of a git repository, taken through its commits."""

import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.laboratory.operators.catalogue import PYTHON
from benchmarks.laboratory.operators.support import fixtures, helpers
from benchmarks.laboratory.scratch import STATE


@dataclass(frozen=True)
class History:
    """A work tree of our own."""

    path: Path

    @classmethod
    def clone(cls, root: Path, path: Path) -> "History":
        """Return a clone of a repository, made where there is none yet."""
        if not path.exists():
            subprocess.run(["git", "clone", "--quiet", str(root), str(path)], check=True)
        return cls(path.resolve())

    def commits(self, number: int, patterns: list[str]) -> list[str]:
        """Return the last commits that touch Python files or templates, the oldest first."""
        told = self._git("log", "--no-merges", "--format=%H", "origin/HEAD")
        found: list[str] = []
        for revision in told.splitlines():
            if len(found) == number:
                break
            paths = self._changed(revision)
            if any(
                path.endswith((".py", ".html")) and any(fnmatch(path, p) for p in patterns)
                for path in paths
            ):
                found.append(revision)
        return found[::-1]

    def subject(self, revision: str) -> str:
        """Return the first line of a commit's message."""
        return self._git("log", "-1", "--format=%s", revision).strip()

    def parent(self, revision: str) -> str:
        """Return the first parent."""
        return self._git("rev-parse", f"{revision}^").strip()

    def tests_of(self, revision: str) -> list[str]:
        """Return the test files of a commit; none where it has nothing else, or no tests."""
        paths = self._changed(revision)
        tests = [path for path in paths if _is_test(path)]
        return tests if len(tests) < len([p for p in paths if p.endswith((".py", ".html"))]) else []

    def checkout(self, revision: str) -> None:
        """Have the tree of a revision, without anything else but the map."""
        self._git("checkout", "--quiet", "--force", "--detach", revision)
        self._git("clean", "-fdxq", "-e", STATE, "-e", "__pycache__")

    def take(self, revision: str, paths: list[str]) -> None:
        """Bring some files to the state of a revision."""
        for path in paths:
            if self._git("ls-tree", revision, "--", path):
                self._git("checkout", "--quiet", revision, "--", path)
            else:
                (self.path / path).unlink(missing_ok=True)

    def _changed(self, revision: str) -> list[str]:
        told = self._git("diff-tree", "-r", "--no-commit-id", "--name-only", "-z", revision)
        return [path for path in told.split("\0") if path]

    def _git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.path), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _is_test(path: str) -> bool:
    """Tell whether a Python file holds tests or their helpers."""
    if not path.endswith(".py"):
        return False
    operators = next(operators for pattern, operators in PYTHON if pattern.search(path))
    return operators in ((fixtures,), (helpers,))
