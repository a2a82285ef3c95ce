"""Files that are replaced as a whole or stay as they are."""

from __future__ import annotations

import os

import pytest

from cdds_django import files
from cdds_django.errors import StateFileError
from cdds_django.files import replacing, require_writable, write_text


def test_new_directory_and_mode(tmp_path):
    before = os.umask(0o022)
    try:
        write_text(tmp_path / "new" / "a.txt", "ä")
    finally:
        os.umask(before)
    path = tmp_path / "new" / "a.txt"
    assert path.read_bytes() == "ä".encode()
    assert path.stat().st_mode & 0o777 == 0o644
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_left_as_it_is_when_writing_fails(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as temporary:
        temporary.write_text("half" + str(1 / 0))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_full_disk(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.Path, "write_text", full)
    with pytest.raises(StateFileError, match=r"Can't write .*a\.txt: No space left on device\."):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_no_place(tmp_path):
    (tmp_path / "file").write_text("text")
    for path in (tmp_path / "file" / "a.txt", tmp_path):
        for write in (require_writable, lambda p: write_text(p, "text")):
            with pytest.raises(StateFileError, match=r"Can't write .*, or choose another place\."):
                write(path)


def test_require_writable_writes_nothing(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    require_writable(tmp_path / "a.txt")
    require_writable(tmp_path / "b.txt")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"
