"""`impact.sources.settings`: values written so that equal ones are written alike."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import global_settings
from django.conf import settings as django_settings
from django.test import override_settings

from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import Dependency
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.settings import Settings, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"x", "y", "z"}, {"z", "y", "x"}),
        ([1, (2, 3)], (1, [2, 3])),
        (object(), object()),
        ([re.compile("a")], [re.compile("a")]),
    ],
)
def test_equal(one: Any, other: Any) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, "1"),
        ([1, 2], [2, 1]),
        (None, "None"),
        (Path("a"), "a"),
        (re.compile("a"), re.compile("b")),
        (len, max),
        (int, str),
    ],
)
def test_different(one: Any, other: Any) -> None:
    assert plain(one) != plain(other)


def test_paths_beside_the_project_are_the_same_in_another_checkout(tmp_path: Path) -> None:
    """NetBox's DOCS_ROOT lies beside the directory that holds manage.py."""
    fingerprints = set()
    for checkout in ("one", "two"):
        top = tmp_path / checkout
        (top / ".git").mkdir(parents=True)
        (top / "site").mkdir()
        values = SimpleNamespace(DOCS_ROOT=str(top / "docs"), MEDIA_ROOT=str(top / "site/media"))
        tree = SourceTree(top / "site", (top / "site",))
        project = Project(tree=tree, operations={}, settings=values)
        found = Settings().fingerprints(["DOCS_ROOT", "MEDIA_ROOT"], project)
        fingerprints.add((found["DOCS_ROOT"], found["MEDIA_ROOT"]))
    assert len(fingerprints) == 1


READER = "from django.conf import settings\ndef read(name): return getattr(settings, name)"
DEBUG = Dependency("setting", "DEBUG")


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    if not django_settings.configured:
        django_settings.configure()
    (tmp_path / "project").mkdir()
    found = Recorder(SourceTree(tmp_path, (tmp_path / "project",)), [Settings()])
    found.start()
    found.take()
    yield found
    found.stop()


def reader(place: Path) -> Callable[[str], Any]:
    """Return a function that reads a setting, and whose code is in that directory."""
    namespace: dict[str, Any] = {}
    exec(compile(READER, str(place / "reader.py"), "exec"), namespace)
    read: Callable[[str], Any] = namespace["read"]
    return read


def test_what_the_project_reads_is_heard_in_each_scope(recorder: Recorder, tmp_path: Path) -> None:
    read = reader(tmp_path / "project")
    for _ in range(3):
        read("DEBUG")
        read("DEBUG")
        assert DEBUG in recorder.take()
    assert DEBUG not in recorder.take()


def test_a_value_that_django_holds_before_the_run_is_heard(
    tmp_path: Path, recorder: Recorder
) -> None:
    recorder.stop()
    read = reader(tmp_path / "project")
    read("DEBUG")
    recorder.start()
    read("DEBUG")
    assert DEBUG in recorder.take()


def test_what_a_library_reads_is_every_tests_each_time_it_is_handed_over(
    recorder: Recorder, tmp_path: Path
) -> None:
    read = reader(tmp_path / "site-packages" / "library")
    for _ in range(3):
        for _ in range(2):
            read("DEBUG")
            assert DEBUG not in recorder.take()
        assert DEBUG in recorder.hand_over().shared
    assert DEBUG not in recorder.hand_over().shared


def test_what_is_read_unheard_is_heard_later(recorder: Recorder, tmp_path: Path) -> None:
    read = reader(tmp_path / "site-packages" / "library")
    with recorder.muted():
        read("DEBUG")
    assert DEBUG not in recorder.hand_over().shared
    read("DEBUG")
    assert DEBUG in recorder.hand_over().shared


def test_values_are_those_that_django_would_give(recorder: Recorder, tmp_path: Path) -> None:
    read = reader(tmp_path / "project")

    def values() -> list[Any]:
        """Read once as nobody has, and once as it is held, in a scope of their own each."""
        found = []
        for _ in range(2):
            found += [read("APPEND_SLASH"), read("APPEND_SLASH")]
            recorder.take()
        return found

    assert values() == [True] * 4
    with override_settings(APPEND_SLASH="overridden"):
        assert values() == ["overridden"] * 4
        django_settings.APPEND_SLASH = "set inside"
        assert values() == ["set inside"] * 4
    assert values() == [True] * 4
    before = vars(django_settings)["_wrapped"]
    django_settings.APPEND_SLASH = "set"
    try:
        assert values() == ["set"] * 4
        with override_settings(DEBUG=True):
            del django_settings.APPEND_SLASH
            with pytest.raises(AttributeError):
                read("APPEND_SLASH")
        assert values() == ["set"] * 4
    finally:
        before.APPEND_SLASH = True
        vars(django_settings).pop("APPEND_SLASH", None)


def test_what_is_absent_is_heard_and_absent(recorder: Recorder, tmp_path: Path) -> None:
    read = reader(tmp_path / "project")
    for _ in range(2):
        with pytest.raises(AttributeError):
            read("NOT_THERE")
        assert Dependency("setting", "NOT_THERE") in recorder.take()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_other_threads_may_read_while_scopes_end(recorder: Recorder, tmp_path: Path) -> None:
    read = reader(tmp_path / "project")
    names = [name for name in dir(global_settings) if name.isupper() and name != "SECRET_KEY"]
    done = threading.Event()

    def keep_reading() -> None:
        while not done.is_set():
            for name in names:
                read(name)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    pool = ThreadPoolExecutor(1)
    reading = pool.submit(keep_reading)
    try:
        for _ in range(3000):
            # An empty scope wouldn't end.
            recorder.note("setting", "ANY")
            recorder.take()
    finally:
        done.set()
        reading.result()
        pool.shutdown()
        sys.setswitchinterval(interval)
    recorder.take()
    # Nothing stays held unheard of for good.
    recorder.note("setting", "ANY")
    recorder.take()
    read("DEBUG")
    assert DEBUG in recorder.take()
