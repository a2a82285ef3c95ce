"""`impact.store`: a map is read whole or not at all, and replaced as a whole."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

import pytest

from cdds_django.errors import StateFileError
from cdds_django.impact.storage.store import ImpactMap, rewriting


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "state" / "impact.sqlite"
    with rewriting(path):
        pass
    return path


def test_there_is_none(tmp_path: Path) -> None:
    assert ImpactMap.open(tmp_path / "impact.sqlite") is None


def test_empty_map(path: Path) -> None:
    with ImpactMap.open(path) as found:  # type: ignore[union-attr]
        assert (found.subjects(), found.listings(), found.files()) == ([], {}, {})
        assert found.meta("schema") == "4"
        assert found.meta("missing") is None


def test_failure_leaves_the_map_as_it_was(path: Path) -> None:
    before = path.read_bytes()

    with pytest.raises(RuntimeError), rewriting(path) as connection:  # noqa: PT012
        connection.execute("DELETE FROM meta")
        raise RuntimeError

    assert path.read_bytes() == before
    assert {entry.name for entry in path.parent.iterdir()} == {"impact.sqlite", "impact.lock"}


@pytest.mark.parametrize("content", [b"", b"text", b"SQLite format 3\0" + bytes(84)])
def test_broken_map_is_named_and_kept(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(StateFileError, match=str(path)):
        ImpactMap.open(path)
    with pytest.raises(StateFileError), rewriting(path):
        pass
    assert path.read_bytes() == content


def test_truncated_map(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])

    with pytest.raises(StateFileError, match="header says"):
        ImpactMap.open(path)


def test_newer_map(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = '5'")
    connection.commit()
    connection.close()

    with pytest.raises(StateFileError, match="has schema 5"):
        ImpactMap.open(path)


def test_what_an_earlier_version_cut_is_cut_anew(path: Path) -> None:
    connection = sqlite3.connect(path)
    row = ("digest", "shop", "import digest", "[]", zlib.compress(b"symbols"))
    with connection:
        connection.execute("INSERT INTO cut VALUES (?, ?, ?, ?, ?, '[]')", row)
    with ImpactMap.open(path) as impact_map:
        assert impact_map.cut("digest", "shop", of_now=True) == "symbols"
    with connection:
        connection.execute("UPDATE cut SET imports = NULL")
    connection.close()
    with ImpactMap.open(path) as impact_map:
        assert impact_map.cut("digest", "shop", of_now=True) is None
        # Of a state that is gone, there is no other.
        assert impact_map.cut("digest", "shop") == "symbols"
        assert impact_map.cut_of_state("shop", "import digest") == "symbols"
