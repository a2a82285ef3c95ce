"""A test suite that tells the recorder where each test and each fixture begins and ends."""

from __future__ import annotations

import time
import unittest
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from cdds_django.impact.recorder import Recorder


class Watcher(Protocol):
    """Who is told what the suite does. The recorder listens through it, and the crash board."""

    recorder: Recorder | None

    def running(self, what: str) -> None:
        """Take the id of the test, or the name of the fixture, that runs from now on."""


class _Idle:
    recorder: Recorder | None = None

    def running(self, what: str) -> None:
        pass


watcher: list[Watcher] = [_Idle()]
"""This process's watcher: the last one counts. (Suites are pickled, watchers aren't.)"""


class WatchedSuite(unittest.TestSuite):
    """Runs tests as unittest does, scope by scope.

    `TestSuite.run` calls, for each test, the three fixture methods below, then the test, then
    `_removeTestAtIndex`; a class or module whose set-up failed is passed over after the three.
    What set-up needs belongs to all tests of the class or module in this suite.
    """

    _began: float | None = None
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
        if module != self._get_previous_module(result):  # type: ignore[attr-defined]
            watcher[-1].running(f"setUpModule ({module})")
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
        if cls != getattr(result, "_previousTestClass", None):
            watcher[-1].running(f"setUpClass ({cls.__module__}.{cls.__qualname__})")
        super()._handleClassSetUp(test, result)  # type: ignore[misc]
        self._observe(self._ids_by_class.get(cls, ()))
        watcher[-1].running(test.id())
        self._test = test
        self._began = time.perf_counter()

    def _removeTestAtIndex(self, index: int) -> None:
        if self._began is not None:
            # The whole of it: Django prepares and flushes databases outside of `TestCase.run`.
            seconds = time.perf_counter() - self._began
            note_duration = getattr(self._result, "note_duration", None)
            if note_duration is not None:
                note_duration(self._test, seconds)
            self._observe((self._test.id(),))
            self._began = None
        super()._removeTestAtIndex(index)  # type: ignore[misc]

    def _observe(self, tests: Any) -> None:
        recorder = watcher[-1].recorder
        if recorder is not None:
            recorder.observe(tests)
