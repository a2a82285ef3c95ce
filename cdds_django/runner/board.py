"""Where workers write what they are running, readable after they died.

A directory with one small file per worker, and a file whose presence asks all of them to stop.
"""

from __future__ import annotations

import os
from pathlib import Path

_WIDTH = 1024
_ENDED = "ended by the pool"


class Board:
    """The parent's view of the directory."""

    def __init__(self, directory: Path) -> None:
        """`directory` is there and empty; who made it removes it."""
        self.directory = directory

    def ask_to_stop(self) -> None:
        """Have each worker end after the test that it is running."""
        (self.directory / "stop").touch()

    def running(self) -> dict[int, str]:
        """Return what each worker that died by itself was running, by worker number."""
        found = {}
        for entry in self.directory.glob("worker-*"):
            text = entry.read_text(errors="replace").strip()
            if text and text != _ENDED:
                found[int(entry.name.partition("-")[2])] = text
        return found

    def clear(self) -> None:
        """Forget what workers wrote."""
        for entry in self.directory.glob("worker-*"):
            entry.unlink()


class Place:
    """One worker's place on the board."""

    def __init__(self, directory: Path, worker: int) -> None:
        self._stop = str(directory / "stop")
        path = directory / f"worker-{worker}"
        self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)

    def write(self, what: str) -> None:
        """Say what runs from now on; nothing if `what` is empty."""
        # One write of a fixed length: a reader never sees two texts mixed.
        os.pwrite(self._file, what.encode(errors="replace")[:_WIDTH].ljust(_WIDTH), 0)

    def write_ended(self) -> None:
        """Say that this worker is ended because another one died."""
        self.write(_ENDED)

    def stop_asked(self) -> bool:
        return os.path.exists(self._stop)
