"""Seeing function starts on Python 3.11, which has no `sys.monitoring`.

First-party functions are instrumented (`impact.instrumented`): those that exist when recording
starts, and those of modules imported later, as their code is loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import CodeType, FrameType, FunctionType
from typing import Any

from cdds_django.impact.recording.heap import all_objects
from cdds_django.impact.recording.instrumented import instrumented
from cdds_django.impact.recording.listening import Listener
from cdds_django.impact.recording.patching import wrap


class Instrumenting:
    """The `CodeStarts` of Python 3.11. Codes are known by identity: hashing one takes long."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._changed: list[tuple[FunctionType, CodeType]] = []
        self._unwrap: Callable[[], None] | None = None
        self._active = False
        self._watched: dict[int, tuple[CodeType, bool]] = {}
        self._hit: set[int] = set()
        self._ignored: set[int] = set()
        self._returning: set[int] = set()

    def start(self) -> None:
        # `get_code` is defined in a base class that importlib doesn't publish.
        base = next(cls for cls in SourceFileLoader.__mro__ if "get_code" in cls.__dict__)
        self._unwrap = wrap(base, "get_code", self._get_code)
        for found in all_objects():
            if type(found) is FunctionType and self._listener.watches(found.__code__.co_filename):
                self._changed.append((found, found.__code__))
                found.__code__ = instrumented(found.__code__, self._entered)
        self._active = True

    def stop(self) -> None:
        self._active = False
        if self._unwrap is not None:
            self._unwrap()
        for function, code in self._changed:
            function.__code__ = code
        self._changed.clear()

    def rearm(self) -> None:
        self._hit.clear()

    def watch_returns(self, code: CodeType) -> None:
        self._returning.add(id(code))

    def _get_code(self, original: Any, loader: SourceFileLoader, name: str) -> Any:
        code = original(loader, name)
        if code is not None and self._listener.watches(code.co_filename):
            return instrumented(code, self._entered)
        return code

    def _entered(self) -> None:
        frame = sys._getframe(1)
        code = frame.f_code
        number = id(code)
        if number in self._hit or number in self._ignored or not self._active:
            return
        known = self._watched.get(number)
        if known is None:
            # The code is kept, so that its number stays its own.
            known = self._watched[number] = code, self._listener.discovered(code, frame)
        if not known[1]:
            self._ignored.add(number)
        else:
            if number in self._returning:
                self._watch_return(code, frame)
            self._listener.started(code)
            if number not in self._returning:
                self._hit.add(number)

    def _watch_return(self, code: CodeType, frame: FrameType) -> None:
        """Have a profile function wait for the end of this frame, and no longer."""
        previous = sys.getprofile()

        def profile(running: FrameType, event: str, argument: object) -> None:
            if event == "return" and running is frame:
                sys.setprofile(previous)
                self._listener.returned(code)

        sys.setprofile(profile)
