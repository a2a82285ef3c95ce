"""Impact maps in a Django storage, by the revision that they were written at.

A map compares contents, so that any is right at any revision; the nearest one selects least.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import InvalidStorageError, Storage, storages

from cdds_django.contract.git import run_git
from cdds_django.errors import ConfigurationError, ContractError, StateFileError
from cdds_django.files import replacing
from cdds_django.impact.storage.store import MAP_NAME
from cdds_django.runner.coverage import FILE_NAME as LINES_NAME

SUFFIX = ".map.zip"
_FILES = (MAP_NAME, LINES_NAME)
_ANCESTORS = 5_000


def storage_named(alias: str | None) -> Storage:
    """Return the storage that the setting `MAP_STORAGE` names. Raises ConfigurationError."""
    if alias is None:
        raise ConfigurationError(
            "CDDS['MAP_STORAGE'] names no storage. Set it to an alias of STORAGES, where maps are "
            "to be kept."
        )
    try:
        return storages[alias]
    except (InvalidStorageError, ImproperlyConfigured) as error:
        raise ConfigurationError(f"CDDS['MAP_STORAGE'] is {alias!r}: {error}") from error


class MapStorage:
    """The maps in a storage. Errors of the storage itself are raised as StateFileError."""

    def __init__(self, storage: Storage, root: Path, state_dir: Path) -> None:
        """`root` is in the git checkout, `state_dir` holds the map here."""
        self._storage = storage
        self._root = root
        self._state_dir = state_dir

    def put(self, revision: str = "HEAD") -> str:
        """Store the map under a revision, in place of one that is there; return its commit.

        Raises StateFileError where there is no map, ConfigurationError where git knows no such
        revision.
        """
        commit = self._commit(revision)
        if not (self._state_dir / MAP_NAME).exists():
            raise StateFileError(
                f"There is no impact map in {self._state_dir}. Run the tests once, or merge shards."
            )
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name in _FILES:
                if (self._state_dir / name).exists():
                    archive.write(self._state_dir / name, name)
        name = f"{commit}{SUFFIX}"
        try:
            if self._storage.exists(name):
                self._storage.delete(name)
            self._storage.save(name, ContentFile(packed.getvalue()))
        except OSError as error:
            raise StateFileError(f"The map can't be stored as {name}: {error}") from error
        return commit

    def get(self, revision: str = "HEAD") -> str | None:
        """Put the map of a revision, or of its nearest ancestor that has one, in place.

        Return the commit whose map it is, or None where none is stored. Raises StateFileError for
        one that is broken; the map that was here stays then.
        """
        stored = self._stored()
        for commit in self._ancestors(revision):
            if f"{commit}{SUFFIX}" in stored:
                self._unpack(f"{commit}{SUFFIX}")
                return commit
        return None

    def prune(self, keep: int) -> list[str]:
        """Delete all but the `keep` maps that were stored last; return the names of the deleted."""
        names = sorted(self._stored(), key=self._storage.get_modified_time, reverse=True)
        for name in names[keep:]:
            self._storage.delete(name)
        return names[keep:]

    def _stored(self) -> set[str]:
        try:
            _, files = self._storage.listdir("")
        except FileNotFoundError:
            return set()  # A folder that nobody has stored anything in.
        except OSError as error:
            raise StateFileError(f"The storage of maps can't be listed: {error}") from error
        return {name for name in files if name.endswith(SUFFIX)}

    def _unpack(self, stored: str) -> None:
        try:
            with self._storage.open(stored) as file, zipfile.ZipFile(file) as archive:
                contents = {name: archive.read(name) for name in archive.namelist()}
        except (OSError, zipfile.BadZipFile, EOFError) as error:
            raise StateFileError(
                f"The stored map {stored} can't be read: {error}. Delete it there, or take that of "
                "another revision."
            ) from error
        for name in _FILES:
            path = self._state_dir / name
            if name in contents:
                with replacing(path) as temporary:
                    temporary.write_bytes(contents[name])
                    _require_database(temporary, stored)
            else:
                path.unlink(missing_ok=True)  # It belongs to another map.

    def _commit(self, revision: str) -> str:
        return next(self._log(revision, 1))

    def _ancestors(self, revision: str) -> Iterator[str]:
        """Yield a commit and its ancestors, the nearest first."""
        return self._log(revision, _ANCESTORS)

    def _log(self, revision: str, number: int) -> Iterator[str]:
        try:
            told = run_git(self._root, "rev-list", "--topo-order", f"-n{number}", revision, "--")
        except ContractError as error:
            raise ConfigurationError(str(error)) from error
        if told.returncode:
            raise ConfigurationError(
                f"git knows no revision {revision!r} in {self._root}. Maps are stored by commit."
            )
        return iter(told.stdout.decode().split())


def _require_database(path: Path, stored: str) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("SELECT name FROM meta").fetchall()
    except sqlite3.DatabaseError as error:
        raise StateFileError(f"The stored map {stored} holds no impact map: {error}") from error
