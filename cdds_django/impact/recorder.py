"""What one process sees while tests run, gathered scope by scope.

A scope is a stretch of the run that serves known tests: one test, the set-up of a class or of a
module. The runner calls `take()` where one ends. Within a scope, what makes a value that is kept
beyond it (a memoised function, a template being compiled, a module imported late) is gathered a
second time under that value's name, because later tests use the value and never see it made.
"""

from __future__ import annotations

import inspect
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Protocol

from cdds_django.impact import memoised
from cdds_django.impact.code_starts import code_starts
from cdds_django.impact.records import Dependencies, Dependency, Observation, Recording
from cdds_django.impact.tree import SourceTree

MODULE_CODE = "<module>"


class RecordingSource(Protocol):
    """A kind of dependency that has to be watched for while tests run."""

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        """Begin to call `recorder.note`; return what ends it."""


@dataclass
class _Scope:
    owner: Dependency | None = None
    codes: set[CodeType] = field(default_factory=set)
    notes: set[Dependency] = field(default_factory=set)


class Recorder:
    """Gathers dependencies between `start()` and `stop()`."""

    def __init__(self, tree: SourceTree, sources: Iterable[RecordingSource]) -> None:
        self.tree = tree
        self._sources = tuple(sources)
        self._stop: list[Callable[[], None]] = []
        self._scopes = [_Scope()]
        self._lock = threading.RLock()
        self._owners: dict[CodeType, Dependency] = {}
        self._named_memos: dict[str, set[Dependency]] = defaultdict(set)
        self._dependencies: dict[CodeType, Dependency | None] = {}
        self._starts = code_starts(self)
        self._muted = False
        self._observations: list[Observation] = []
        self._shared: set[Dependency] = set()
        self._fills: dict[Dependency, set[Dependency]] = defaultdict(set)

    def start(self) -> None:
        for source in self._sources:
            self._stop.append(source.watch(self))
        self._starts.start()
        self._stop.append(self._starts.stop)

    def stop(self) -> None:
        while self._stop:
            self._stop.pop()()

    def note(self, kind: str, key: str) -> None:
        """Add a dependency to the current scope."""
        self._scopes[-1].notes.add(Dependency(kind, key))

    def note_shared(self, kind: str, key: str) -> None:
        """Add a dependency of every test."""
        if not self._muted:
            self._shared.add(Dependency(kind, key))

    @contextmanager
    def filling(self, owner: Dependency) -> Iterator[None]:
        """Gather what runs inside under `owner` too, a value that outlives the scope."""
        self._push(owner)
        try:
            yield
        finally:
            self._pop(owner)

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Forget what runs inside."""
        self._muted = True
        try:
            yield
        finally:
            self.take()
            self._muted = False

    def take(self) -> Dependencies:
        """End the scope: return what it depended on, and begin the next one."""
        with self._lock:
            while len(self._scopes) > 1:
                # Left by an exception, or still running in another thread.
                self._merge_top()
            scope, self._scopes = self._scopes[0], [_Scope()]
        self._starts.rearm(scope.codes)
        return self._resolve(scope)

    def observe(self, tests: Iterable[str]) -> None:
        """End the scope and keep what it depended on for these tests."""
        dependencies = self.take()
        if dependencies:
            self._observations.append(
                Observation(tests=tuple(tests), dependencies=dependencies),
            )

    def share(self) -> None:
        """End the scope and keep what it depended on for every test."""
        self._shared |= self.take()

    def hand_over(self) -> Recording:
        """Return what was kept since the last call."""
        recording = Recording(
            observations=tuple(self._observations),
            shared=frozenset(self._shared),
            fills={owner: frozenset(found) for owner, found in self._fills.items()},
        )
        self._observations, self._shared = [], set()
        self._fills = defaultdict(set)
        return recording

    # What code_starts reports.

    def discovered(self, code: CodeType, frame: FrameType) -> bool:
        path = self.tree.key(code.co_filename)
        if path is None:
            return False
        if code.co_name == MODULE_CODE:
            self._own(code, Dependency("import", path))
        elif memoised.keeps_result(code, frame):
            owner = Dependency("memo", f"{path}::{code.co_qualname}")
            self._named_memos[code.co_name].add(owner)
            self._own(code, owner)
        if not self._muted and memoised.below_keeper(frame, self.tree.holds_code):
            dependency = self._dependency(code)
            if dependency is not None:
                self._shared.add(dependency)
        return True

    def started(self, code: CodeType) -> None:
        if code in self._owners:
            self._push(self._owners[code])
        self._scopes[-1].codes.add(code)

    def returned(self, code: CodeType) -> None:
        self._pop(self._owners[code])

    # Scopes within a scope.

    def _own(self, code: CodeType, owner: Dependency) -> None:
        self._owners[code] = owner
        self._starts.watch_returns(code)

    def _push(self, owner: Dependency) -> None:
        with self._lock:
            self._scopes[-1].notes.add(owner)
            running = {code for scope in self._scopes for code in scope.codes}
            self._scopes.append(_Scope(owner))
        self._starts.rearm(running)

    def _pop(self, owner: Dependency) -> None:
        with self._lock:
            if any(scope.owner == owner for scope in self._scopes):
                while self._merge_top() != owner:
                    pass

    def _merge_top(self) -> Dependency | None:
        inner = self._scopes.pop()
        outer = self._scopes[-1]
        outer.codes |= inner.codes
        outer.notes |= inner.notes
        if inner.owner is not None and not self._muted:
            found = self._resolve(inner)
            self._fills[inner.owner] |= found
            if inner.owner.kind == "import":
                # Who uses a module that was imported late can't be seen.
                self._shared |= found
        return inner.owner

    def _resolve(self, scope: _Scope) -> Dependencies:
        found = scope.notes.copy()
        memos = self._named_memos
        for code in scope.codes.copy():
            dependency = self._dependency(code)
            if dependency is not None:
                found.add(dependency)
            if memos:
                for name in code.co_names:
                    if name in memos:
                        found |= memos[name]
        return frozenset(found)

    def _dependency(self, code: CodeType) -> Dependency | None:
        try:
            return self._dependencies[code]
        except KeyError:
            dependency = self._dependencies[code] = self._name(code)
            return dependency

    def _name(self, code: CodeType) -> Dependency | None:
        path = self.tree.key(code.co_filename)
        if path is None:
            return None
        if not path.endswith(".py"):
            # Jinja compiles templates to code that bears the template's file name.
            return Dependency("file", path)
        if not code.co_flags & inspect.CO_OPTIMIZED:
            return None  # A class's body: it takes effect at import, as does the module's.
        # Functions inside a function are part of its body.
        outermost = code.co_qualname.partition(".<locals>")[0]
        if "<" in outermost:
            # A lambda or a comprehension at import level; so is its text.
            return None
        return Dependency("code", f"{path}::{outermost}")
