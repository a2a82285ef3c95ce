"""Files that are to be written, shown before, and put back as they were."""

from __future__ import annotations

import base64
import difflib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdds_django.errors import ConfigurationError, StateFileError
from cdds_django.files import ignore_in_git, replacing, write_text

RECORD = "init.json"
"""What was there before, in the state directory."""
SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class Change:
    """A file to write. Paths are absolute."""

    path: Path
    before: bytes | None
    """None where there is no file yet."""
    after: bytes

    def diff(self, root: Path) -> Iterator[str]:
        """Yield the lines of a unified diff, with paths from `root`."""
        name = _name(self.path, root)
        old = (self.before or b"").decode(errors="replace").splitlines(keepends=True)
        new = self.after.decode(errors="replace").splitlines(keepends=True)
        source = "/dev/null" if self.before is None else f"a/{name}"
        for line in difflib.unified_diff(old, new, source, f"b/{name}"):
            yield line.rstrip("\r\n")


def write(changes: Sequence[Change]) -> None:
    """Write the files; where one can't be, none stays written. Raises StateFileError."""
    for number, change in enumerate(changes):
        try:
            _put(change.path, change.after)
        except StateFileError:
            restore(changes[:number])
            raise


def restore(changes: Sequence[Change]) -> None:
    """Put the files back as they were, byte for byte. Raises StateFileError."""
    for change in reversed(changes):
        if change.before is not None:
            _put(change.path, change.before)
        else:
            change.path.unlink(missing_ok=True)
            _remove_empty(change.path.parent)


def keep(state_dir: Path, root: Path, changes: Sequence[Change]) -> None:
    """Note what was there before, for `undo`. Raises StateFileError."""
    stored = _read(state_dir)
    entries = {entry["path"]: entry for entry in (stored["files"] if stored else ())}
    for change in changes:
        name = _name(change.path, root)
        first = entries.get(name)
        # An edit of the user's since then is not ours to take back.
        is_ours = first is not None and first["after"] == _digest(change.before)
        entries[name] = {
            "path": name,
            "before": first["before"] if first is not None and is_ours else _packed(change.before),
            "after": _digest(change.after),
        }
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        ignore_in_git(state_dir)
    except OSError as error:
        raise StateFileError(f"Can't write {state_dir}: {error.strerror}.") from error
    text = json.dumps({"schema": SCHEMA, "files": [*entries.values()]}, indent=1)
    write_text(state_dir / RECORD, f"{text}\n")


def undo(state_dir: Path, root: Path) -> list[str]:
    """Put all back as it was before; return the names of the files.

    Raises ConfigurationError, and touches nothing, where there is nothing to undo or a file was
    changed since.
    """
    stored = _read(state_dir)
    if stored is None:
        raise ConfigurationError(
            f"There is nothing to undo: {state_dir / RECORD} isn't there. It is written by "
            "`python -m cdds_django.init`."
        )
    entries = stored["files"]
    changed = [e["path"] for e in entries if _digest(_content(root / e["path"])) != e["after"]]
    if changed:
        raise ConfigurationError(
            f"Changed since, so nothing was undone: {', '.join(changed)}. Put these files back as "
            f"they were after init, or take the lines out by hand and remove {state_dir / RECORD}."
        )
    restore([
        Change(path=root / e["path"], before=_unpacked(e["before"]), after=b"") for e in entries
    ])  # fmt: skip
    (state_dir / RECORD).unlink()
    return [entry["path"] for entry in entries]


def _read(state_dir: Path) -> dict[str, Any] | None:
    path = state_dir / RECORD
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if stored["schema"] != SCHEMA:
            raise ValueError(f"schema {stored['schema']}")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateFileError(
            f"Can't read {path}: {error}. What init wrote has to be taken out by hand."
        ) from error
    return stored


def _put(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode if path.exists() else None
    try:
        # A link stays one.
        with replacing(path.resolve()) as temporary:
            temporary.write_bytes(content)
        if mode is not None:
            path.chmod(mode)
    except OSError as error:
        raise StateFileError(f"Can't write {path}: {error.strerror}.") from error


def _remove_empty(directory: Path) -> None:
    """Remove the directories that were made for a file: git keeps no empty ones."""
    for parent in (directory, *directory.parents):
        if parent.name not in (".github", "workflows", ".gitlab"):
            return
        try:
            parent.rmdir()
        except OSError:
            return


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _packed(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _unpacked(stored: str | None) -> bytes | None:
    return None if stored is None else base64.b64decode(stored)


def _name(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()
