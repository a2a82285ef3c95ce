"""Servers that are there as long as somebody needs them.

Whoever needs one holds a lock on a file, shared with all others. Locks end with their processes,
however these end, so no server is left behind.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from pathlib import Path

_POLL_S = 0.25


def hold(path: Path) -> int:
    """Say that the server of `path` is needed, until the process ends or the handle is closed.

    Waits for a server that is about to end.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def end_when_free(path: Path) -> None:
    """Have this process drain and end as soon as nobody holds `path` any more."""
    handle = os.open(path, os.O_RDWR)
    threading.Thread(target=_watch, args=[handle], daemon=True).start()


def _watch(handle: int) -> None:
    while True:
        time.sleep(_POLL_S)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        # Held till the end of the process: who comes now waits, and then starts another server.
        os.kill(os.getpid(), signal.SIGTERM)
        return
