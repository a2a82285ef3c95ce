"""Maps in a storage, found by the history of git."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.test import override_settings

from cdds_django.errors import ConfigurationError, StateFileError
from cdds_django.runner.shards.storage import MapStorage, storage_named


@pytest.fixture(autouse=True)
def configured():
    if not settings.configured:
        settings.configure()


@pytest.fixture
def checkout(tmp_path):
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


@pytest.fixture
def maps(checkout):
    storage = FileSystemStorage(location=str(checkout / "shared"))
    return MapStorage(storage, checkout, checkout / ".cdds")


def git(path: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    return subprocess.run(
        command, cwd=path, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(path: Path) -> str:
    git(path, "commit", "--quiet", "--allow-empty", "--message", "More")
    return git(path, "rev-parse", "HEAD")


def write(path: Path, content: str) -> bytes:
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE meta (name, value)")
    connection.execute("INSERT INTO meta VALUES ('content', ?)", [content])
    connection.commit()
    connection.close()
    return path.read_bytes()


def test_the_nearest_ancestor_s_map(checkout, maps):
    map_file, lines_file = checkout / ".cdds/impact.sqlite", checkout / ".cdds/coverage.sqlite"
    assert maps.get() is None
    with pytest.raises(StateFileError, match="There is no impact map"):
        maps.put()
    stored, lines = write(map_file, "first"), write(lines_file, "lines")
    first = git(checkout, "rev-parse", "HEAD")
    assert maps.put() == first

    # Later commits have it as the nearest, until one of them has its own.
    commit(checkout)
    second = commit(checkout)
    write(map_file, "another")
    assert maps.get() == first
    assert (map_file.read_bytes(), lines_file.read_bytes()) == (stored, lines)
    lines_file.unlink()
    newer = write(map_file, "second")
    assert maps.put() == second
    commit(checkout)
    write(lines_file, "of another map")
    assert maps.get() == second
    assert map_file.read_bytes() == newer
    assert not lines_file.exists()
    assert maps.get(first) == first
    assert maps.put(second) == second
    assert maps.prune(1) == [f"{first}.map.zip"]
    assert [path.name for path in (checkout / "shared").iterdir()] == [f"{second}.map.zip"]


def test_what_is_broken_is_told_and_replaces_nothing(checkout, maps):
    map_file = checkout / ".cdds/impact.sqlite"
    kept = write(map_file, "kept")
    commit_of_map = maps.put()
    (stored,) = (checkout / "shared").iterdir()
    stored.write_bytes(stored.read_bytes()[:-30])
    with pytest.raises(StateFileError, match=f"{commit_of_map}.map.zip can't be read"):
        maps.get()
    map_file.write_bytes(b"nonsense")
    maps.put()
    map_file.write_bytes(kept)
    with pytest.raises(StateFileError, match="holds no impact map"):
        maps.get()
    assert map_file.read_bytes() == kept
    with pytest.raises(ConfigurationError, match="git knows no revision 'nonsense'"):
        maps.get("nonsense")


def test_the_setting():
    with pytest.raises(ConfigurationError, match="MAP_STORAGE'] names no storage"):
        storage_named(None)
    with pytest.raises(ConfigurationError, match="MAP_STORAGE'] is 'maps'"):
        storage_named("maps")
    backend = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={"maps": backend}):
        assert storage_named("maps").exists("x") is False
