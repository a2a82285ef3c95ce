"""Data files: those that Python code opens, and the directories it lists.

Seen through an audit hook (PEP 578), which hears of `open()` in every form. A library written in C
that opens files by itself isn't heard; `@depends_on` and the setting `WATCH` are for those.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from types import FrameType
from typing import Any

from cdds_django.impact.recorder import Recorder
from cdds_django.impact.sources.base import Project
from cdds_django.impact.tree import ABSENT, digest

_PYTHON_SUFFIXES = (".py", ".pyc", ".pyo")

# Django's own readers that read anew for each caller, so that the reader is whom it concerns.
# Templates are a kind of their own.
_READERS_PER_CALL = (
    "django/core/files/",
    "django/core/management/",
    "django/core/serializers/",
    "django/views/",
    "django/http/",
    "django/contrib/staticfiles/",
    "django/test/",
)
_TEMPLATE_LOADERS = "django/template/loaders/"


class Files:
    kind = "file"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return _listen(_FileOpens(recorder))

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
        return _listen(_DirectoryListings(recorder))

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
        if event != "open":
            return
        path, mode, flags = arguments
        if not isinstance(path, str | bytes | os.PathLike) or _writes(mode, flags):
            return
        name = os.fsdecode(path)
        if name.endswith(_PYTHON_SUFFIXES):
            return
        key = self._recorder.tree.key(os.path.abspath(name))
        if key is None:
            return
        reader = _reader(sys._getframe(2), self._recorder.tree.holds_code)
        if reader is None or reader.startswith(_READERS_PER_CALL):
            self._recorder.note("file", key)
        elif not reader.startswith(_TEMPLATE_LOADERS):
            # A library may keep what it reads for whoever asks later.
            self._recorder.note_shared("file", key)


class _DirectoryListings:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("os.listdir", "os.scandir"):
            return
        path = arguments[0] if arguments[0] is not None else "."
        if not isinstance(path, str | bytes | os.PathLike):
            return
        frame = sys._getframe(2)
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return
        name = os.path.abspath(os.fsdecode(path))
        if self._recorder.tree.key(os.path.join(name, "entry")) is None:
            return
        key = os.path.relpath(name, self._recorder.tree.root).replace(os.sep, "/")
        reader = _reader(frame, self._recorder.tree.holds_code)
        if reader is None or reader.startswith(_READERS_PER_CALL):
            self._recorder.note("listing", key)
        else:
            self._recorder.note_shared("listing", key)


def _writes(mode: str | None, flags: int) -> bool:
    if mode is not None:
        return any(letter in mode for letter in "wax") and "+" not in mode
    return bool(flags & (os.O_WRONLY | os.O_TRUNC | os.O_DIRECTORY))


def _reader(frame: FrameType | None, is_first_party: Callable[[str], bool]) -> str | None:
    """Return the file of the installed package that reads, or None where first-party code does.

    The standard library is looked through: `json.load` reads on somebody's behalf.
    """
    while frame is not None:
        file = frame.f_code.co_filename
        if is_first_party(file):
            return None
        _, separator, inner = file.rpartition("-packages/")
        if separator:
            return inner
        frame = frame.f_back
    return None


_Hook = Callable[[str, tuple[Any, ...]], None]
_hooks: list[_Hook] = []


def _listen(hook: _Hook) -> Callable[[], None]:
    """Have `hook` called at audit events; return what ends that."""
    if not _audit_installed:
        # An audit hook can't be removed, so there is one for good, idle when nobody listens.
        _audit_installed.append(True)
        sys.addaudithook(_audit)
    _hooks.append(hook)
    return lambda: _hooks.remove(hook)


_audit_installed: list[bool] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _hooks and event in _EVENTS:
        for hook in _hooks:
            hook(event, arguments)


_EVENTS = frozenset({"open", "os.listdir", "os.scandir"})
