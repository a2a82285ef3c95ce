"""A test suite that tells the recorder where each test and each fixture begins and ends."""

from __future__ import annotations

import time
import unittest
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder


class Part:
    """One of those who want to know. Both methods may be overridden."""

    def running(self, what: str) -> None:
        """Take the id of the test, or the name of the fixture, that runs from now on.

        `what` is empty when nothing runs any more.
        """

    def finished(self, test: Any, result: Any) -> None:
        """Take a test that has run, its fixtures included. It may still be reported as failed."""


class Watcher:
    """Who is told what the suite does: the recorder and others."""

    def __init__(self, recorder: Recorder | None = None, parts: Sequence[Part] = ()) -> None:
        self.recorder = recorder
        self._parts = tuple(parts)

    def running(self, what: str) -> None:
        for part in self._parts:
            part.running(what)

    def finished(self, test: Any, result: Any) -> None:
        for part in reversed(self._parts):
            part.finished(test, result)


watcher: list[Watcher] = [Watcher()]
"""This process's watcher: the last one counts. (Suites are pickled, watchers aren't.)"""


class WatchedSuite(unittest.TestSuite):
    """Runs tests as unittest does, scope by scope.

    `TestSuite.run` calls, for each test, the three fixture methods below, then the test, then
    `_removeTestAtIndex`; a class or module whose set-up failed is passed over after the three.
    What set-up needs belongs to all tests of the class or module in this suite.
    """

    _began: float | None = None
    _began_at_s = 0.0
    _test: Any = None

    def run(self, result: unittest.TestResult, debug: bool = False) -> unittest.TestResult:
        self._result = result
        self._ids_by_class: dict[type, list[str]] = {}
        self._ids_by_module: dict[str, list[str]] = {}
        test: Any
        for test in self:
            self._ids_by_class.setdefault(type(test), []).append(test.id())
            self._ids_by_module.setdefault(type(test).__module__, []).append(test.id())
        try:
            return super().run(result, debug)
        except KeyboardInterrupt:
            # The second Ctrl-C, or one that a test raised: what has ended still counts.
            result.stop()
            vars(result)["is_interrupted"] = True
            return result

    def _tearDownPreviousClass(self, test: Any, result: Any) -> None:
        previous = getattr(result, "_previousTestClass", None)
        if previous not in (None, type(test)):
            name = f"{previous.__module__}.{previous.__qualname__}"
            watcher[-1].running(f"tearDownClass ({name})")
        super()._tearDownPreviousClass(test, result)  # type: ignore[misc]
        if previous is not None:
            self._observe(self._ids_by_class.get(previous, ()))

    def _handleModuleFixture(self, test: Any, result: Any) -> None:
        module = type(test).__module__
        is_new = module != self._get_previous_module(result)  # type: ignore[attr-defined]
        if is_new:
            watcher[-1].running(f"setUpModule ({module})")
        with self._timed(module if is_new else None):
            super()._handleModuleFixture(test, result)  # type: ignore[misc]
        self._observe(self._ids_by_module.get(module, ()))

    def _handleModuleTearDown(self, result: Any) -> None:
        module = self._get_previous_module(result)  # type: ignore[attr-defined]
        if module is not None:
            watcher[-1].running(f"tearDownModule ({module})")
        super()._handleModuleTearDown(result)  # type: ignore[misc]
        if module is not None:
            self._observe(self._ids_by_module.get(module, ()))

    def _handleClassSetUp(self, test: Any, result: Any) -> None:
        cls = type(test)
        place = f"{cls.__module__}.{cls.__qualname__}"
        is_new = cls != getattr(result, "_previousTestClass", None)
        if is_new:
            watcher[-1].running(f"setUpClass ({place})")
        with self._timed(place if is_new else None):
            super()._handleClassSetUp(test, result)  # type: ignore[misc]
        self._observe(self._ids_by_class.get(cls, ()))
        watcher[-1].running(test.id())
        self._test = test
        self._began = time.perf_counter()
        self._began_at_s = time.time()

    def _removeTestAtIndex(self, index: int) -> None:
        if self._began is not None:
            # The whole of it: Django prepares and flushes databases outside of `TestCase.run`.
            seconds = time.perf_counter() - self._began
            note_duration = getattr(self._result, "note_duration", None)
            if note_duration is not None:
                note_duration(self._test, seconds, self._began_at_s)
            self._observe((self._test.id(),))
            watcher[-1].finished(self._test, self._result)
            self._began = None
        super()._removeTestAtIndex(index)  # type: ignore[misc]

    @contextmanager
    def _timed(self, place: str | None) -> Iterator[None]:
        """Tell the result how long setting up a class or a module takes."""
        began = time.perf_counter()
        yield
        note_set_up = getattr(self._result, "note_set_up", None)
        if place is not None and note_set_up is not None:
            note_set_up(place, time.perf_counter() - began)

    def _observe(self, tests: Any) -> None:
        recorder = watcher[-1].recorder
        if recorder is not None:
            recorder.observe(tests)
