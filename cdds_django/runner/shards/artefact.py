"""What one shard leaves behind: one file, to be merged with those of the others."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdds_django.errors import StateFileError
from cdds_django.files import replacing
from cdds_django.runner.shards.partition import Shard

VERSION = 2
SUFFIX = ".shard.zip"
_HEAD, _OBSERVATIONS, _LINES = "shard.json", "observations.json", "lines.json"


@dataclass(frozen=True, kw_only=True)
class Artefact:
    """One shard's outcome and what it learnt, as JSON values."""

    shard: Shard
    partition: str
    """The digest of which test is in which part."""
    map_version: str | None
    """The version of the impact map that the shard selected by; None if there was none."""
    report: Mapping[str, Any]
    """As `--report-json` writes it."""
    failures: int
    affected: str | None = None
    """The subjects that a change at import level may have affected, as hexadecimal bits."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The digests of the project's Python files, by key."""
    edited: tuple[str, ...] = ()
    """Files that were edited while tests ran."""
    states: tuple[tuple[str, str, str], ...] = ()
    """Kind, key and fingerprint of what tests depended on that isn't code."""
    record: Mapping[str, Any] | None = None
    """See `encoding.py`; None where no test ran or recording was switched off."""
    observations: list[Any] = field(default_factory=list, repr=False)
    lines: Mapping[str, Any] | None = field(default=None, repr=False)
    """What was covered, where that was measured."""
    path: Path | None = None
    """Where it was read from."""

    def write(self, directory: Path) -> Path:
        """Write the file into a directory, and return its path. Raises StateFileError."""
        path = directory / f"{self.shard.index}-of-{self.shard.count}{SUFFIX}"
        head = {
            "version": VERSION,
            "shard": [self.shard.index, self.shard.count],
            **{name: getattr(self, name) for name in _PLAIN},
        }
        with (
            replacing(path) as temporary,
            zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            for name, content in (
                (_HEAD, head),
                (_OBSERVATIONS, self.observations),
                (_LINES, self.lines),
            ):
                archive.writestr(name, json.dumps(content, separators=(",", ":")))
        return path

    def later_observations(self) -> list[Any]:
        """Read the observations, which `read` leaves in the file. Raises StateFileError."""
        if self.path is None:
            return self.observations
        found: list[Any] = _member(self.path, _OBSERVATIONS)
        return found

    def later_lines(self) -> Mapping[str, Any] | None:
        """As `later_observations`, for what was covered."""
        if self.path is None:
            return self.lines
        found: Mapping[str, Any] | None = _member(self.path, _LINES)
        return found


_PLAIN = (
    "partition",
    "map_version",
    "report",
    "failures",
    "affected",
    "files",
    "edited",
    "states",
    "record",
)


def read(path: Path) -> Artefact:
    """Read the file of one shard, its large parts left where they are. Raises StateFileError."""
    head = _shared(_member(path, _HEAD))
    try:
        if head["version"] != VERSION:
            raise StateFileError(
                f"The shard {path} has version {head['version']}, this version of cdds_django "
                f"reads version {VERSION}. Run and merge shards with the same version."
            )
        index, count = head["shard"]
        values = {name: head[name] for name in _PLAIN}
        values["edited"] = tuple(values["edited"])
        values["states"] = tuple((kind, key, state) for kind, key, state in values["states"])
        return Artefact(shard=Shard(index=index, count=count), path=path, **values)
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(path, error) from error


def _member(path: Path, name: str) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            # Reading a member to its end compares its checksum.
            return json.loads(archive.read(name))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise _broken(path, error) from error


def _shared(value: Any) -> Any:
    """Return a JSON value with its texts as objects that all shards have in common."""
    if isinstance(value, str):
        return sys.intern(value)
    if isinstance(value, list):
        return [_shared(item) for item in value]
    if isinstance(value, dict):
        return {sys.intern(name): _shared(item) for name, item in value.items()}
    return value


def _broken(path: Path, error: Exception) -> StateFileError:
    return StateFileError(f"The shard {path} can't be read: {error}. Run that shard again.")


def found_in(places: list[Path]) -> Iterator[Path]:
    """Yield the files of shards among files and in directories. Raises StateFileError."""
    for place in places:
        if place.is_dir():
            yield from sorted(place.rglob(f"*{SUFFIX}"))
        elif place.exists():
            yield place
        else:
            raise StateFileError(f"{place} doesn't exist. Name the directories that shards left.")
