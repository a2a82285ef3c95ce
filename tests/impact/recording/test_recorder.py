"""`impact.recorder`: what is seen in which scope, and what is kept from one for the next."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from types import CodeType, ModuleType

import pytest

from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import Dependency, Recording, merge_fills, with_fills
from cdds_django.impact.sources.files import Files

Load = Callable[[str], ModuleType]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    """Load the source of a module named "recorded" at shop.py."""

    def load(source: str) -> ModuleType:
        (tmp_path / "shop.py").write_text(dedent(source))
        spec = importlib.util.spec_from_file_location("recorded", tmp_path / "shop.py")
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules["recorded"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    yield load
    sys.modules.pop("recorded", None)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Callable[..., Recording]]:
    """Record functions as tests called "1", "2", and so on."""
    started: list[Recorder] = []

    def record(*functions: Callable[[], object]) -> Recording:
        recorder = Recorder(SourceTree(tmp_path, (tmp_path,)), (Files(),))
        recorder.start()
        started.append(recorder)
        recorder.take()
        for number, function in enumerate(functions, start=1):
            function()
            recorder.observe([str(number)])
        return recorder.hand_over()

    yield record
    for recorder in started:
        recorder.stop()


def seen(recording: Recording) -> dict[str, set[str]]:
    """Return the functions that each test depends on."""
    fills = merge_fills((recording,))
    return {
        observation.tests[0]: {
            key.partition("::")[2]
            for kind, key in with_fills(observation.dependencies, fills)
            if kind == "code"
        }
        for observation in recording.observations
    }


def test_each_test_has_what_it_ran(load: Load, record: Callable[..., Recording]) -> None:
    shop = load("def a(): b()\ndef b(): pass\ndef c(): pass\n")

    found = seen(record(shop.a, shop.b, shop.a, shop.c))

    assert found == {"1": {"a", "b"}, "2": {"b"}, "3": {"a", "b"}, "4": {"c"}}


def test_inner_functions_are_their_outermosts(load: Load, record: Callable[..., Recording]) -> None:
    shop = load(
        """
        def make():
            def inner(): return [x for x in (lambda: [1])()]
            return inner
        inner = make()
        class A:
            def method(self): pass
            attribute = lambda self: 1
        """
    )

    assert seen(record(shop.inner, shop.A().method, shop.A().attribute)) == {
        "1": {"make"},
        "2": {"A.method"},
    }


def test_what_fills_a_memo_belongs_to_all_that_use_it(
    load: Load, record: Callable[..., Recording]
) -> None:
    shop = load(
        """
        import functools
        def body(): pass
        @functools.cache
        def memo(): body()
        def first(): memo()
        def second(): memo()
        def other(): body()
        """
    )

    found = seen(record(shop.first, shop.second, shop.other))

    assert found["2"] == {"second", "memo", "body"}
    assert found["3"] == {"other", "body"}


def test_memo_in_a_memo(load: Load, record: Callable[..., Recording]) -> None:
    shop = load(
        """
        import functools
        def body(): pass
        @functools.cache
        def inner(): body()
        @functools.cache
        def outer(): inner()
        def first(): inner()
        def second(): outer()
        def third(): outer()
        """
    )

    assert seen(record(shop.first, shop.second, shop.third))["3"] == {
        *("third", "outer", "inner", "body"),
    }


def test_memo_called_often_is_watched_every_time_a_test_begins(
    load: Load, record: Callable[..., Recording]
) -> None:
    shop = load(
        """
        kept = {}
        def body(): pass
        def memo(key):
            if key == "late":
                body()
            kept[key] = 1
        def first():
            for number in range(100):
                memo(number)
        def second(): memo("late")
        def third(): memo("late")
        """
    )

    assert "body" in seen(record(shop.first, shop.second, shop.third))["1"]


def test_exception_out_of_a_memo(load: Load, record: Callable[..., Recording]) -> None:
    shop = load(
        """
        import functools
        def body(): raise ValueError
        @functools.cache
        def memo(): body()
        def first():
            try:
                memo()
            except ValueError:
                after()
        def after(): pass
        """
    )

    assert seen(record(shop.first))["1"] == {"first", "memo", "body", "after"}


def test_threads_are_seen(load: Load, record: Callable[..., Recording]) -> None:
    shop = load("def a(): pass\n")

    def test() -> None:
        thread = threading.Thread(target=shop.a)
        thread.start()
        thread.join()

    assert seen(record(test))["1"] == {"a"}


def test_generator_and_coroutine(load: Load, record: Callable[..., Recording]) -> None:
    shop = load("def g():\n    yield h()\ndef h(): pass\nasync def c(): h()\n")

    def coroutine() -> None:
        with pytest.raises(StopIteration):
            shop.c().send(None)

    assert seen(record(lambda: list(shop.g()), coroutine)) == {"1": {"g", "h"}, "2": {"c", "h"}}


def test_files_are_noted(record: Callable[..., Recording], tmp_path: Path, load: Load) -> None:
    shop = load("def read(path):\n    return open(path).read()\n")
    (tmp_path / "data.txt").write_text("")

    recording = record(lambda: shop.read(tmp_path / "data.txt"))

    assert Dependency("file", "data.txt") in recording.observations[0].dependencies
    assert Dependency("read", "data.txt") in recording.shared


def test_nothing_is_kept_of_what_runs_muted(tmp_path: Path, load: Load) -> None:
    shop = load("def a(): pass\n")
    recorder = Recorder(SourceTree(tmp_path, (tmp_path,)), ())
    recorder.start()
    try:
        with recorder.muted():
            shop.a()
        recorder.observe(["1"])
    finally:
        recorder.stop()

    assert recorder.hand_over() == Recording()


def test_what_starts_often_is_seen_in_every_scope(
    load: Load, record: Callable[..., Recording]
) -> None:
    shop = load("def often(): pass\ndef seldom(): pass\n")

    def busy() -> None:
        for _ in range(100):
            shop.often()
        shop.seldom()

    found = seen(record(busy, shop.often, shop.seldom, busy, busy))

    both = {"often", "seldom"}
    assert found == {"1": both, "2": {"often"}, "3": {"seldom"}, "4": both, "5": both}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.11 has no sys.monitoring")
def test_what_starts_often_is_soon_not_listened_for(
    load: Load, record: Callable[..., Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = load("def often(): pass\n")
    heard = []
    started = Recorder.started

    def counted(recorder: Recorder, code: CodeType) -> bool:
        heard.append(code)
        return started(recorder, code)

    monkeypatch.setattr(Recorder, "started", counted)

    def busy() -> None:
        for _ in range(1000):
            shop.often()

    record(busy)
    first = len(heard)
    record(busy, busy)

    assert 1 < first < 20
    assert len(heard) < 3 * first
