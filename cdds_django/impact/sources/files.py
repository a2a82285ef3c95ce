"""Data files: those that Python code opens, and the directories it lists.

A library written in C that opens files by itself isn't heard; `@depends_on` and the setting `WATCH`
are for those.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from cdds_django.impact.code.tree import ABSENT, digest
from cdds_django.impact.recording.patching import all_of, wrap
from cdds_django.impact.records import READ, WRITTEN
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.callers import (
    installed_reader,
    is_own,
    reads_per_call,
    reads_source,
)
from cdds_django.impact.sources.system_calls import listen

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

_COMPILED_SUFFIXES = (".pyc", ".pyo")

# Templates are a kind of their own.
_TEMPLATE_LOADERS = "django/template/loaders/"

# What a migration concerns is followed from what it says (`impact/choice/migrations.py`).
_MIGRATION_LOADER = "django/db/migrations/"


class Files:
    kind = "file"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return all_of(
            [
                listen(["open"], _FileOpens(recorder)),
                listen(["os.remove", "os.rename"], _FileMoves(recorder)),
                listen(["sqlite3.connect"], _Databases(recorder)),
                wrap(inspect, "findsource", _SourceLookups(recorder)),
            ]
        )

    def shared(self, project: Project) -> Iterable[str]:
        root = project.tree.root
        for pattern in project.watched:
            found = sorted(root.glob(pattern))
            yield from (path.relative_to(root).as_posix() for path in found if path.is_file())

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return {key: project.tree.content_digest(key) for key in keys}


class Listings:
    """Directories whose entries were listed: a file that is added or removed there counts."""

    kind = "listing"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return listen(["os.listdir", "os.scandir"], _DirectoryListings(recorder))

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return {key: _listing(str(project.tree.path(key))) for key in keys}


def _listing(directory: str) -> str:
    try:
        # What Python and this package write themselves would change the listing at every run.
        names = sorted(
            name
            for name in os.listdir(directory)
            if name != "__pycache__" and not name.startswith(".")
        )
    except OSError:
        return ABSENT
    return digest("\0".join(names).encode("utf-8", "surrogateescape"))


class _FileOpens:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        path, mode, flags = arguments
        reader_file = sys._getframe(2).f_code.co_filename
        if _TEMPLATE_LOADERS in reader_file and not os.path.lexists(path):
            return  # They look for each template in every app's directory.
        key = _key(path, self._recorder)
        if key is None:
            return
        writes = _writes(mode, flags)
        if key.endswith(".py"):
            # Their imports are followed in another way.
            if not writes and reads_source(sys._getframe(2), self._recorder.tree.holds_code):
                self._recorder.note("file", key)
            return
        if writes:
            self._recorder.note_shared(WRITTEN, key)
            return
        if os.path.lexists(path):
            self._recorder.note_shared(READ, key)
        reader = installed_reader(sys._getframe(2), self._recorder.tree.holds_code)
        if reads_per_call(reader):
            self._recorder.note("file", key)
        elif reader and not reader.startswith(_TEMPLATE_LOADERS):
            self._recorder.note_shared("file", key)


class _SourceLookups:
    """Tells of `inspect.getsource()` and the like, which keep what they have read."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __call__(self, original: Any, asked: object, *args: Any, **kwargs: Any) -> Any:
        found = original(asked, *args, **kwargs)
        key = _key(inspect.getsourcefile(asked), self._recorder)  # type: ignore[arg-type]
        tree = self._recorder.tree
        if key is not None and installed_reader(sys._getframe(1), tree.holds_code) is None:
            self._recorder.note("file", key)
        return found


class _Databases:
    """Tells of SQLite files that the project's own code opens; Django's are made by every run."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        path = arguments[0]
        if isinstance(path, str) and path.startswith("file:"):
            path = unquote(urlsplit(path).path)
        tree = self._recorder.tree
        key = _key(path, self._recorder) if path else None
        is_there = key is not None and os.path.lexists(path)
        if is_there and installed_reader(sys._getframe(2), tree.holds_code) is None:
            self._recorder.note("file", str(key))


class _FileMoves:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        for path in arguments[: 2 if event == "os.rename" else 1]:
            key = _key(path, self._recorder)
            if key is not None and not key.endswith(".py"):
                self._recorder.note_shared(WRITTEN, key)


def _key(path: object, recorder: Recorder) -> str | None:
    if not isinstance(path, str | bytes | os.PathLike):
        return None
    name = os.fsdecode(path)
    return None if name.endswith(_COMPILED_SUFFIXES) else recorder.tree.key(os.path.abspath(name))


class _DirectoryListings:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        path = arguments[0] if arguments[0] is not None else "."
        if not isinstance(path, str | bytes | os.PathLike):
            return
        frame = sys._getframe(2)
        if _looks_for_packages(frame.f_code.co_filename):
            return
        if is_own(frame, self._recorder.tree.holds_code):
            return
        name = os.path.abspath(os.fsdecode(path))
        if self._recorder.tree.key(os.path.join(name, "entry")) is None:
            return
        key = os.path.relpath(name, self._recorder.tree.root).replace(os.sep, "/")
        reader = installed_reader(frame, self._recorder.tree.holds_code)
        if reads_per_call(reader):
            self._recorder.note("listing", key)
        elif not (reader or "").startswith(_MIGRATION_LOADER):
            self._recorder.note_shared("listing", key)


def _looks_for_packages(file: str) -> bool:
    """Whether code of a file lists directories for modules, or for installed packages.

    Both are followed in other ways: as imports, and as the environment.
    """
    return file.startswith("<frozen importlib") or file.endswith("importlib/metadata/__init__.py")


def _writes(mode: str | None, flags: int) -> bool:
    if mode is not None:
        return any(letter in mode for letter in "wax") and "+" not in mode
    return bool(flags & (os.O_WRONLY | os.O_TRUNC | os.O_DIRECTORY))
