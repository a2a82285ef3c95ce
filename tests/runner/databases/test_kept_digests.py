"""Files are read again only where `stat` says something else of them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from cdds_django.runner.databases.kept_digests import KeptDigests

READ_BYTES = Path.read_bytes


def test_kept_between_runs(tmp_path, monkeypatch):
    read: list[str] = []

    def reading(path):
        read.append(path.name)
        return READ_BYTES(path)

    monkeypatch.setattr(Path, "read_bytes", reading)
    (tmp_path / "inner").mkdir()
    for name in ("a.py", "inner/b.py", "inner/c.pyc"):
        (tmp_path / name).write_text("1")
    (state_dir := tmp_path / "state" / "databases").mkdir(parents=True)

    def digests():
        read.clear()
        kept = KeptDigests(state_dir.parent)
        found = (kept.of_file(str(tmp_path / "a.py")), kept.of_directory(str(tmp_path / "inner")))
        kept.save()
        return found

    first = digests()
    # So soon after they were written they may be written again without `stat` showing it.
    assert (digests(), read) == (first, ["a.py", "b.py"])
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 3_000_000_000)
    assert (digests(), read) == (first, ["a.py", "b.py"])
    assert (digests(), read) == (first, [])

    (tmp_path / "inner/b.py").write_text("2")
    second = digests()
    assert (second[0] == first[0], second[1] != first[1], read) == (True, True, ["b.py"])
    (tmp_path / "inner/d.py").write_text("1")
    assert digests()[1] not in (first[1], second[1])
    # The time of a change can be set, but that is seen.
    stat = (tmp_path / "a.py").stat()
    (tmp_path / "a.py").write_text("3")
    os.utime(tmp_path / "a.py", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert digests()[0] != first[0]


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"FILE": 3}', '{"FILE": []}'])
def test_whatever_is_there(tmp_path, content):
    (tmp_path / "databases").mkdir()
    file = tmp_path / "a.py"
    file.write_text("1")
    right = KeptDigests(tmp_path).of_file(str(file))
    (tmp_path / "databases/digests.json").write_text(content.replace("FILE", str(file)))
    assert KeptDigests(tmp_path).of_file(str(file)) == right != "absent"
