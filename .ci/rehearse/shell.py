"""Running a step's lines as CI systems do, with stand-ins for some programs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_PROGRAMS = Path(__file__).parent / "programs"
# What a CI machine wouldn't have set.
_LEFT_OUT = ("DJANGO_SETTINGS_MODULE", "CDDS_STATE_DIR", "PYTHONSAFEPATH")


def run(script: str, *, directory: Path, variables: Mapping[str, str], options: str) -> int:
    """Run lines in bash with these `set` options; return the exit status."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in _LEFT_OUT and not name.startswith(("GITHUB_", "CI_"))
    }
    return subprocess.run(
        ["bash", f"-{options}", "-c", script],
        cwd=directory,
        env={
            **environment,
            "CI": "true",
            "REHEARSED_PYTHON": sys.executable,
            **variables,
            "PATH": os.pathsep.join([str(_PROGRAMS), environment.get("PATH", "")]),
        },
        check=False,
    ).returncode


def git(directory: Path, *arguments: str) -> str:
    """Return what git says. Raises CalledProcessError."""
    return subprocess.run(
        ["git", *arguments], cwd=directory, check=True, capture_output=True, text=True
    ).stdout.strip()


def clone(repository: Path, branch: str, work: Path) -> None:
    """Make a checkout of a branch that knows the others as `origin/…`."""
    work.mkdir(parents=True)
    git(work, "clone", "--quiet", "--branch", branch, str(repository), ".")
