"""What doesn't belong together isn't merged, and the message says what is wrong."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from cdds_django.errors import StateFileError
from cdds_django.runner.shards.artefact import SUFFIX, Artefact, found_in, read
from cdds_django.runner.shards.merging import merge_into_map, require_complete
from cdds_django.runner.shards.partition import Shard


def shards(count: int) -> list[Artefact]:
    return [
        Artefact(
            shard=Shard(index=index, count=count),
            partition="cut",
            map_version="1",
            report={"mode": "full", "tests": []},
            failures=0,
            files={"shop.py": "a"},
        )
        for index in range(1, count + 1)
    ]


def test_files_are_found_and_read(tmp_path):
    written = [shard.write(tmp_path / str(shard.shard.index)) for shard in shards(3)]
    found = list(found_in([tmp_path / "3", tmp_path]))
    assert sorted(found) == sorted([*written, written[2]])
    assert [str(read(path).shard) for path in written] == ["1/3", "2/3", "3/3"]
    require_complete([read(path) for path in reversed(written)])
    with pytest.raises(StateFileError, match="nowhere doesn't exist"):
        list(found_in([tmp_path / "nowhere"]))


@pytest.mark.parametrize("content", [b"", b"PK nonsense", None])
def test_broken_files(tmp_path, content):
    path = shards(1)[0].write(tmp_path)
    path.write_bytes(path.read_bytes()[:-9] if content is None else content)
    with pytest.raises(StateFileError, match=f"1-of-1{SUFFIX} can't be read"):
        read(path)


def test_another_version(tmp_path, monkeypatch):
    monkeypatch.setattr("cdds_django.runner.shards.artefact.VERSION", 77)
    path = shards(1)[0].write(tmp_path)
    monkeypatch.undo()
    with pytest.raises(StateFileError, match="has version 77"):
        read(path)


def test_missing_and_doubled_shards():
    whole = shards(4)
    require_complete(whole)
    with pytest.raises(StateFileError, match=r"Missing: shard 3/4\. Without it"):
        require_complete([whole[3], whole[0], whole[1]])
    with pytest.raises(StateFileError, match=r"Missing: shards 1/4, 2/4, 3/4\. Without them"):
        require_complete(whole[3:])
    with pytest.raises(StateFileError, match="Shard 2/4 is there 2 times"):
        require_complete([*whole, whole[1]])
    with pytest.raises(StateFileError, match="shards of 3 and of 4"):
        require_complete([*whole, *shards(3)])
    with pytest.raises(StateFileError, match="no shard here"):
        require_complete([])


@pytest.mark.parametrize("here", [{"shop.py": "b"}, {}, {"shop.py": "a", "new.py": "c"}])
def test_other_code_than_there_is_here(here):
    session: Any = SimpleNamespace(
        impact_map=None, code=SimpleNamespace(files=here, digest=here.__getitem__)
    )
    other = "new.py" if "new.py" in here else "shop.py"
    with pytest.raises(
        StateFileError, match=f"ran other code than there is here: {other}\\. Merge"
    ):
        merge_into_map([replace(shards(1)[0], record={})], session)


def test_shards_of_different_runs():
    whole = shards(2)
    for change, message in (
        ({"map_version": "2"}, "selected with different impact maps"),
        ({"partition": "other"}, "other tests in other parts"),
        ({"files": {"shop.py": "b"}}, "ran other code: shop.py"),
        ({"files": {"shop.py": "a", "new.py": "c"}}, "ran other code: new.py"),
    ):
        with pytest.raises(StateFileError, match=message):
            require_complete([whole[0], replace(whole[1], **change)])
    require_complete([whole[0], replace(whole[1], files={"shop.py": "b"}, edited=("shop.py",))])
