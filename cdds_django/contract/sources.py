"""Where a side of a comparison comes from: a snapshot, an OpenAPI file, or a git revision."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cdds_django.contract.documents import check_version, parse, read_file
from cdds_django.contract.schema import build_schema
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.contract.snapshot_rows import Snapshot
from cdds_django.contract.snapshot_text import snapshot_from
from cdds_django.errors import ContractError

GIT_PREFIX = "git:"


def snapshot_at(source: str, default: Path) -> Snapshot:
    """Return the snapshot that `source` names.

    `source` is the path of a snapshot or of an OpenAPI JSON or YAML file; or `git:REV`, the file
    `default` (a snapshot) as committed in that revision; or `git:REV:PATH`, another file, by its
    path from the working directory. Raises ContractError or StateFileError.
    """
    if not source.startswith(GIT_PREFIX):
        return _snapshot_in(read_file(Path(source)), source)
    revision, _, path = source.removeprefix(GIT_PREFIX).partition(":")
    return _snapshot_in(committed(revision, Path(path) if path else default), source)


def snapshot_of_project() -> Snapshot:
    """Return the snapshot of the running project's own API. Raises ContractError."""
    return snapshot_of(build_schema().document, "The project's schema")


def committed(revision: str, path: Path) -> bytes:
    """Return the content of the file `path` in git revision `revision`. Raises ContractError."""
    path = path.absolute()
    directory = next(parent for parent in path.parents if parent.is_dir())
    if not revision:
        raise ContractError("git: names no revision. Write one after it, such as git:HEAD.")
    if _git(directory, "rev-parse", "--git-dir").returncode:
        raise ContractError(
            f"git:{revision} needs a git checkout, and {directory} is not inside one."
        )
    commit = f"{revision}^{{commit}}"
    if _git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", commit).returncode:
        raise ContractError(
            f"git knows no revision {revision!r} here. In a shallow clone, fetch it first: "
            f"git fetch origin {revision}"
        )
    name = path.relative_to(directory).as_posix()
    shown = _git(directory, "show", "--end-of-options", f"{revision}:./{name}")
    if shown.returncode:
        raise ContractError(
            f"Revision {revision} has no file {name} in {directory}. Commit it there, or compare "
            "with a revision that has it."
        )
    return shown.stdout


def _snapshot_in(content: bytes, origin: str) -> Snapshot:
    whole = parse(content, origin)
    if "schema" in whole and "operations" in whole:
        return snapshot_from(whole, origin)
    check_version(whole, origin)
    return snapshot_of(whole, origin)


def _git(directory: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(directory), *arguments], capture_output=True, check=False
        )
    except FileNotFoundError:
        raise ContractError("git: sources need the program git, which isn't installed.") from None
