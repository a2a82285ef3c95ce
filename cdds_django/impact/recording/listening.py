"""Who hears of function starts, and what tells them: the part that all Pythons share."""

from __future__ import annotations

from types import CodeType, FrameType
from typing import Protocol


class Listener(Protocol):
    """Who wants to know. Called in whichever thread runs the code."""

    def watches(self, filename: str) -> bool:
        """Whether code of this file may matter."""

    def discovered(self, code: CodeType, frame: FrameType) -> bool:
        """Take a code object's first start in this process; return whether to go on watching it.

        `frame` is the one it runs in.
        """

    def started(self, code: CodeType) -> bool:
        """Take the start of a watched code object, at least the first in each scope.

        Return whether it has started in this scope before.
        """

    def returned(self, code: CodeType) -> None:
        """Take the return of a code object that was registered with `watch_returns`."""


class CodeStarts(Protocol):
    """The part that differs between versions of Python."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def rearm(self) -> None:
        """Report the next start of every watched code object, as a scope begins."""

    def watch_returns(self, code: CodeType) -> None:
        """Report every start and every return of `code` from now on."""
