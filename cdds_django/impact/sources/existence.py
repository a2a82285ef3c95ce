"""Files and directories that were only asked for: whether they are there.

`os.stat` is wrapped; `os.path` and `pathlib` go through it. Where the project itself may see more
of its answer, such as the size, the file's content counts.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from cdds_django.impact.code.tree import ABSENT
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.callers import installed_reader, reads_per_call
from cdds_django.upstream_calls import is_told_otherwise

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

# Tracebacks look for source files; what code there is is followed otherwise.
_PYTHON_SUFFIXES = (".py", ".pyc")


_CLOSER = frozenset({"getctime", "getmtime", "getsize"})


class Existence:
    kind = "existence"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        original = os.stat

        @functools.wraps(original)
        def stat(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
            _note(recorder, path)
            return original(path, *args, **kwargs)

        def end() -> None:
            os.stat = original

        os.stat = stat
        return end

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return {key: _fingerprint(project.tree.path(key)) for key in keys}


def _note(recorder: Recorder, path: object) -> None:
    if not isinstance(path, str | os.PathLike):
        return
    name = os.fspath(path)
    # Whoever looks for modules asks of each name whether it is a directory.
    if not isinstance(name, str) or name.endswith((*_PYTHON_SUFFIXES, "__pycache__")):
        return
    tree = recorder.tree
    key = tree.key(os.path.abspath(name))
    if key is None or is_told_otherwise():
        return
    reader = installed_reader(sys._getframe(2), tree.holds_code)
    if reader is None and _looks_closer(sys._getframe(2), tree.holds_code):
        recorder.note("file", key)
    if reads_per_call(reader):
        recorder.note("existence", key)
    elif reader and not reader.startswith("django/template/"):
        recorder.note_shared("existence", key)


def _looks_closer(frame: FrameType | None, is_first_party: Callable[[str], bool]) -> bool:
    """Whether who asks may look at the size or the time of a file, which change with its content.

    `frame` is that of who called `os.stat`.
    """
    if frame is not None and frame.f_code.co_name == "stat":
        frame = frame.f_back  # `Path.stat`
    if frame is None:
        return False
    return frame.f_code.co_name in _CLOSER or is_first_party(frame.f_code.co_filename)


def _fingerprint(path: Path) -> str:
    if path.is_dir():
        return "directory"
    return "file" if path.exists() else ABSENT
