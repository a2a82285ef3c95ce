"""What workers print, brought to the parent, which alone draws on the terminal."""

from __future__ import annotations

import contextlib
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

_NAME = "output"
_CAPACITY = 1 << 20
"""Bytes that workers may print before they have to wait for the parent; 64 KiB without asking."""
_CHUNK = 1 << 16


@dataclass(frozen=True, kw_only=True)
class OutputPlan:
    """What a worker is told of it. Picklable."""

    path: Path
    descriptors: tuple[int, ...]
    """Those that would write to the terminal: 1, 2 or both."""

    def redirect(self) -> None:
        """Have this process, and those that it starts, print to the parent from now on.

        On another machine there is no such pipe, or nobody to read it, and nothing is redirected.
        """
        try:
            pipe = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return
        os.set_blocking(pipe, True)
        for descriptor in self.descriptors:
            os.dup2(pipe, descriptor)
        os.close(pipe)


class WorkersOutput:
    """The parent's end: a named pipe in the run's directory."""

    def __init__(self, directory: Path, descriptors: tuple[int, ...]) -> None:
        self.plan = OutputPlan(path=directory / _NAME, descriptors=descriptors)
        os.mkfifo(self.plan.path, 0o600)
        self._reading = os.open(self.plan.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        # As long as somebody may write, an empty pipe isn't the end.
        self._writing = os.open(self.plan.path, os.O_WRONLY | os.O_CLOEXEC)
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(self._reading, fcntl.F_SETPIPE_SZ, _CAPACITY)

    def take(self) -> bytes:
        """Return what was printed since the last call. Doesn't wait."""
        parts = []
        with contextlib.suppress(BlockingIOError):
            while part := os.read(self._reading, _CHUNK):
                parts.append(part)
        return b"".join(parts)

    def close(self) -> None:
        """Give the pipe up."""
        os.close(self._reading)
        os.close(self._writing)


def terminal_descriptors() -> tuple[int, ...]:
    """Return which of standard output and standard error lead to a terminal."""
    return tuple(descriptor for descriptor in (1, 2) if os.isatty(descriptor))
