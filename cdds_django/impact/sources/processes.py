"""Processes that a test starts. What they read and run is out of sight.

So such a test depends on the content of every first-party file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any

from cdds_django.impact.code.tree import digest
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.callers import installed_reader
from cdds_django.impact.sources.system_calls import listen

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

EVERY_FILE = "every first-party file"

_EVENTS = (
    *("multiprocessing.start", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn"),
    *("os.spawn", "os.system", "pty.spawn", "subprocess.Popen"),
)
# Databases and logs are written by every run; compiled code follows from its source.
_PASSED_OVER = (".db", ".log", ".pyc", ".sqlite3", "-journal", "-shm", "-wal")
# Parts of the standard library that ask a program of the system about the machine.
_ABOUT_THE_MACHINE = ("/ctypes/util.py", "/platform.py", "/uuid.py")


class Processes:
    kind = "process"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        def started(event: str, arguments: tuple[Any, ...]) -> None:
            frame = sys._getframe(2)
            reader = installed_reader(frame, recorder.tree.holds_code)
            # Some database backends are cloned by programs.
            if not (reader or "").startswith("django/db/") and not _asks_about_the_machine(frame):
                recorder.note("process", EVERY_FILE)

        return listen(_EVENTS, started)

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return dict.fromkeys(keys, _everything(project)) if keys else {}


def _asks_about_the_machine(frame: FrameType | None) -> bool:
    while frame is not None:
        file = frame.f_code.co_filename
        if file.endswith(_ABOUT_THE_MACHINE) and "-packages/" not in file:
            return True
        frame = frame.f_back
    return False


def _everything(project: Project) -> str:
    tree = project.tree
    parts = [
        f"{key} {tree.content_digest(key)}"
        for key in sorted(tree.all_files())
        if not key.endswith(_PASSED_OVER)
    ]
    return digest("\0".join(parts).encode("utf-8", "surrogateescape"))
