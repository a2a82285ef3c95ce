"""Files as they were committed. Revisions are any that git understands; nothing is fetched."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from cdds_django.errors import ContractError

GIT_PREFIX = "git:"
"""Beginning of a source that names a revision."""


def files_since(source: str | None, default: Path) -> Callable[[Path], bool]:
    """Return whether a file is new since `source` was committed, as a function.

    `source` is as for `snapshot_at`, None for `default`. Where git can't tell, no file is new.
    """
    if source is not None and source.startswith(GIT_PREFIX):
        revision = source.removeprefix(GIT_PREFIX).partition(":")[0]
    else:
        path = (default if source is None else Path(source)).absolute()
        try:
            log = run_git(path.parent, "log", "-1", "--format=%H", "--", str(path))
        except ContractError:
            return lambda path: False
        revision = log.stdout.decode().strip()

    def is_new(path: Path) -> bool:
        if not revision:
            return False
        name = f"{revision}:./{path.name}"
        if run_git(path.parent, "rev-parse", "--verify", "--quiet", revision).returncode:
            return False
        return bool(run_git(path.parent, "cat-file", "-e", name).returncode)

    return is_new


def committed(revision: str, path: Path) -> bytes:
    """Return the content of the file `path` in git revision `revision`. Raises ContractError."""
    path = path.absolute()
    directory = _checkout_of(path, revision)
    name = path.relative_to(directory).as_posix()
    shown = run_git(directory, "show", "--end-of-options", f"{revision}:./{name}")
    if shown.returncode:
        raise ContractError(
            f"Revision {revision} has no file {name} in {directory}. Commit it there, or compare "
            "with a revision that has it."
        )
    return shown.stdout


def _checkout_of(path: Path, revision: str) -> Path:
    """Return the nearest directory above `path`, which knows the `revision`."""
    directory = next(parent for parent in path.parents if parent.is_dir())
    if not revision:
        raise ContractError("git: names no revision. Write one after it, such as git:HEAD.")
    if run_git(directory, "rev-parse", "--git-dir").returncode:
        raise ContractError(
            f"git:{revision} needs a git checkout, and {directory} is not inside one."
        )
    commit = f"{revision}^{{commit}}"
    if run_git(
        directory, "rev-parse", "--verify", "--quiet", "--end-of-options", commit
    ).returncode:
        raise ContractError(
            f"git knows no revision {revision!r} here. In a shallow clone, fetch it first: "
            f"git fetch origin {revision}"
        )
    return directory


def paths_committed(revision: str, directory: Path) -> set[str]:
    """Return the names of what `directory` holds in git revision `revision`.

    Nothing where it wasn't there. Raises ContractError.
    """
    directory = directory.absolute()
    start = _checkout_of(directory / "-", revision)
    name = directory.relative_to(start).as_posix()
    tree = f"{revision}:./{name if name != '.' else ''}"
    # Without --full-tree, git leaves out what is not below the directory it runs in.
    listed = run_git(start, "ls-tree", "--full-tree", "--name-only", "--end-of-options", tree)
    return set(listed.stdout.decode(errors="replace").splitlines())


def run_git(directory: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in `directory`. Raises ContractError when there is no git."""
    try:
        return subprocess.run(
            ["git", "-C", str(directory), *arguments], capture_output=True, check=False
        )
    except FileNotFoundError:
        raise ContractError("git: sources need the program git, which isn't installed.") from None
