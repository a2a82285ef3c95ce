"""Where workers write what they are running, readable after they died.

A directory with one small file per worker, and a file whose presence asks all of them to stop.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

from cdds_django.runner.running.suites import Part

_WIDTH = 4096
_CLOCK = 20
"""Characters of a line that tell when it was written."""


class Running(NamedTuple):
    """What a worker is running, or was when it died."""

    since_s: float
    """On the machine's monotonic clock, which all its processes share."""
    what: str
    """The id of a test or the name of a fixture; nothing between batches."""


class Board:
    """The parent's view of the directory."""

    def __init__(self, directory: Path) -> None:
        """`directory` is there and empty; who made it removes it."""
        self.directory = directory

    def ask_to_stop(self) -> None:
        """Have each worker end after the test that it is running."""
        (self.directory / "stop").touch()

    def running(self, worker: int) -> Running:
        """Return what a worker runs, or ran when it died."""
        try:
            text = self._path(worker).read_text(errors="replace")
        except FileNotFoundError:
            text = ""
        return Running(float(text[:_CLOCK].strip() or 0), text[_CLOCK:].rstrip())

    def clear(self, worker: int) -> None:
        """Forget what a worker wrote."""
        self._path(worker).unlink(missing_ok=True)

    def _path(self, worker: int) -> Path:
        return self.directory / f"worker-{worker}"


class Place(Part):
    """One worker's place on the board."""

    def __init__(self, directory: Path, worker: int) -> None:
        self._stop = str(directory / "stop")
        path = directory / f"worker-{worker}"
        self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)

    def running(self, what: str) -> None:
        text = f"{time.monotonic():<{_CLOCK}.3f}".encode() + as_written(what).encode()
        # One write of a fixed length: a reader never sees two texts mixed.
        os.pwrite(self._file, text.ljust(_WIDTH), 0)

    def stop_asked(self) -> bool:
        return os.path.exists(self._stop)


def as_written(what: str) -> str:
    """Return a name as the board gives it back: overlong ones are cut."""
    cut = what.encode(errors="replace")[: _WIDTH - _CLOCK]
    return cut.decode(errors="ignore").rstrip()
