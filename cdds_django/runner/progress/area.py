"""A few lines below the output of a run that are drawn again and again.

The cursor rests where output goes on, with the area below it. So whoever else writes to the
terminal (a test, a library, a program that a test starts, a debugger's prompt) writes at the right
place, and nothing of it is lost when the area is drawn anew: all that is erased is what lies below
the cursor.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from typing import Any

from cdds_django.runner.progress import foreign_output

# ECMA-48's functions, and DEC's to keep the cursor's place.
_ERASE_BELOW = "\x1b[J"
_INDEX = "\x1bD"
_UP = "\x1b[{}A"
_SAVE, _RESTORE = "\x1b7", "\x1b8"
_RESET = "\x1b[m"


class Area:
    """The area, and the streams of this process that have to make room for their lines."""

    def __init__(self, stream: Any, others: Sequence[Any] = ()) -> None:
        """`stream` and `others` are text streams on the same terminal."""
        self._descriptor: int = stream.fileno()
        self._encoding: str = stream.encoding or "utf-8"
        self._streams = (stream, *others)
        self._process = os.getpid()
        self._drawn: tuple[str, ...] = ()
        self._unhook: list[Callable[[], None]] = []
        self.is_within_line = False
        """Whether what was last written, as far as that is known, ended no line."""

    def open(self) -> None:
        """Have what this process writes erase the area first."""
        for stream in self._streams:
            for name in ("write", "writelines", "flush"):
                self._hook(stream, name)
        self._unhook.append(foreign_output.listen(self.erase))

    def close(self) -> None:
        """Erase the area and leave the streams as they were."""
        self.erase()
        while self._unhook:
            self._unhook.pop()()

    def draw(self, lines: Sequence[str]) -> None:
        """Show these lines, none of them wider than the terminal, in place of what is shown."""
        if tuple(lines) == self._drawn:
            return
        self._flush()
        number = len(lines)
        # Below the last line of the screen there is no room: make some, in the cursor's column.
        room = _INDEX * number + (_UP.format(number) if number else "")
        shown = "".join(f"\r\n{line}{_RESET}" for line in lines)
        self._write(f"{_ERASE_BELOW}{room}{_SAVE}{shown}{_RESTORE}")
        self._drawn = tuple(lines)

    def erase(self) -> None:
        """Take the area away; the next `draw` brings it back."""
        # A process that was forked has the streams as well.
        if self._drawn and os.getpid() == self._process:
            self._drawn = ()
            self._write(_ERASE_BELOW)

    def write_bytes(self, output: bytes) -> None:
        """Write what others had to say."""
        self.erase()
        self._flush()
        self._write_all(output)
        self.is_within_line = not output.endswith(b"\n")

    def _hook(self, stream: Any, name: str) -> None:
        original = getattr(stream, name)

        def after_erasing(*args: Any) -> Any:
            self.erase()
            if name == "write" and args and args[0]:
                self.is_within_line = not args[0].endswith("\n")
            return original(*args)

        # On the object itself: handlers of logging hold on to it.
        setattr(stream, name, after_erasing)

        def unhook() -> None:
            if vars(stream).get(name) is after_erasing:
                delattr(stream, name)

        self._unhook.append(unhook)

    def _flush(self) -> None:
        for stream in self._streams:
            with contextlib.suppress(OSError, ValueError):
                type(stream).flush(stream)

    def _write(self, text: str) -> None:
        self._write_all(text.encode(self._encoding, "replace"))

    def _write_all(self, output: bytes) -> None:
        # A terminal that is gone is no reason to end a run.
        with contextlib.suppress(OSError):
            while output:
                output = output[os.write(self._descriptor, output) :]
