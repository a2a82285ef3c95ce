"""What a remembered comparison is good for."""

from __future__ import annotations

from datetime import date

import pytest

from cdds_django.impact.code.symbols import cut
from cdds_django.impact.records import Dependency
from cdds_django.runner.drift import memory
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.drift.memory import Memory

CHANGE = ContractChange(
    id="api-removed",
    level="error",
    operation="GET /old/",
    operation_id="old",
    text="It is gone.",
    cause="/paths/GET /old/",
    operations=("GET /old/",),
)
MODE = Dependency("variable", "MODE")
CODE = b"LIMIT = 1\n\ndef ran():\n    return 1\n\ndef idle():\n    return 1\n"
NOW = {
    "today": date(2026, 3, 1),
    "committed": {"snapshot": "s", "policy": "absent"},
    "files": {"shop.py": "a", "tests.py": "t"},
    "fingerprints": lambda asked: dict.fromkeys(asked, "m"),
    "cuts": lambda key, digest: None,
}


def a_memory(*changes):
    return Memory(
        changes=changes,
        day="2026-03-01",
        committed=NOW["committed"],
        files=NOW["files"],
        loaded=frozenset({"shop.py"}),
        ran=frozenset({"shop.py::ran"}),
        surroundings={MODE: "m"},
    )


def holds(*changes, **other):
    return a_memory(*changes).holds(**{**NOW, **other})


def edited(old, new):
    def cuts(key, digest):
        assert (key, digest) == ("shop.py", "a")
        return tuple(
            cut(code, module="shop", is_package=False) for code in (CODE, CODE.replace(old, new))
        )

    return {"files": {**NOW["files"], "shop.py": "b"}, "cuts": cuts}


def test_it_holds_while_nothing_changed():
    assert holds()
    assert holds(CHANGE)


@pytest.mark.parametrize(
    "other",
    [
        {"committed": {"snapshot": "other", "policy": "absent"}},
        {"committed": {"snapshot": "s", "policy": "p"}},
        {"files": {**NOW["files"], "new.py": "n"}},
        {"files": {"shop.py": "a"}},
        {"fingerprints": lambda asked: dict.fromkeys(asked, "other")},
        {"files": {**NOW["files"], "shop.py": "b"}},  # Nobody knows what it was.
        edited(b"LIMIT = 1", b"LIMIT = 2"),
        edited(b"ran():\n    return 1", b"ran():\n    return 2"),
    ],
)
def test_it_ends_with_what_it_was_made_of(other):
    assert not holds(**other)


def test_other_code_does_not_matter():
    assert holds(files={**NOW["files"], "tests.py": "other"})
    assert holds(**edited(b"idle():\n    return 1", b"idle():\n    return 2"))
    assert holds(**edited(b"LIMIT = 1", b"LIMIT = 1  # At most."))


def test_dates_matter_where_something_changed():
    tomorrow = date(2026, 3, 2)
    assert holds(today=tomorrow)
    assert not holds(CHANGE, today=tomorrow)


def test_it_is_read_as_written(tmp_path):
    assert memory.read(tmp_path) is None
    memory.write(tmp_path, a_memory(CHANGE))
    assert memory.read(tmp_path) == a_memory(CHANGE)
    path = tmp_path / memory.FILE_NAME
    for broken in ("{", "[]", path.read_text().replace('"1 ', '"0 ')):
        path.write_text(broken)
        assert memory.read(tmp_path) is None
