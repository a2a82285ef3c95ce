"""`impact.memoised`: which functions keep results, and under which names."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from cdds_django.impact.recording.memoised import Memos

SOURCE = """
import functools, sys, typing
from django.utils.functional import SimpleLazyObject, cached_property

class Memo:
    made = None
    kept = {}
    @classmethod
    def make(cls): cls.made = 1; return look()
    @classmethod
    def keep(cls): cls.kept["x"] = 1; return look()
    @classmethod
    def read(cls): return look()

class Service:
    def __init__(self): self.found = look()
    def find(self): self.value = 1; return look()
    @functools.cached_property
    def one(self): return look()
    @cached_property
    def two(self): return look()
    @functools.cache
    def three(self): return look()

class ShortLived:
    def find(self): self.value = 1; return look()
    @functools.cached_property
    def one(self): return look()

class Row(typing.TypedDict):
    # Python refuses to be asked what derives from this.
    key: str

def look(): return LOOK(sys._getframe(1))

service = Service() if "LOOK" in globals() else None
table, items, limits = {}, [], {"a": 1}

def set_global():
    global value
    value = 1
    return look()
def put(): table["x"] = 1; return look()
def append(): items.append(1); return look()
def read(): return look(), limits["a"]
def own(): mine = {}; mine["x"] = 1; return look()
@functools.lru_cache
def cached(): return look()
def _other(): return look()
other_name = functools.cache(_other)
def test_case(): table["x"] = 1; return look()

def explode(): raise AssertionError("set up")
lazy = SimpleLazyObject(explode)
"""


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    (tmp_path / "memos.py").write_text(dedent(SOURCE))
    spec = importlib.util.spec_from_file_location("memos_looked_at", tmp_path / "memos.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["memos_looked_at"] = importlib.util.module_from_spec(spec)
    memos = Memos(lambda file: file == str(tmp_path / "memos.py"))
    module.__dict__["LOOK"] = lambda frame: frame
    spec.loader.exec_module(module)
    # The lazy object is there to be left alone.
    memos.look()
    module.__dict__["LOOK"] = lambda frame: memos.names_of_kept(frame.f_code, frame)
    yield module
    del sys.modules["memos_looked_at"]


Run = Callable[[ModuleType], frozenset[str] | None]


@pytest.mark.parametrize(
    ("run", "names"),
    [
        (lambda m: m.set_global(), {"value"}),
        (lambda m: m.put(), {"table"}),
        (lambda m: m.append(), {"items"}),
        (lambda m: m.cached(), {"cached"}),
        (lambda m: m.other_name(), {"_other", "other_name"}),
        (lambda m: m.Memo.make(), {"made"}),
        (lambda m: m.Memo.keep(), {"kept"}),
        (lambda m: m.service.find(), {"value"}),
        (lambda m: m.service.one, {"one"}),
        (lambda m: m.service.two, {"two"}),
        (lambda m: m.service.three(), {"three"}),
    ],
)
def test_result_is_kept_under_names(module: ModuleType, run: Run, names: set[str]) -> None:
    assert run(module) == names


@pytest.mark.parametrize(
    "run",
    [
        lambda m: m.read()[0],
        lambda m: m.own(),
        lambda m: m.test_case(),
        lambda m: m.Memo.read(),
        lambda m: m.Service().found,
        lambda m: m.ShortLived().find(),
        lambda m: m.ShortLived().one,
    ],
)
def test_nothing_is_kept(module: ModuleType, run: Run) -> None:
    assert run(module) is None
