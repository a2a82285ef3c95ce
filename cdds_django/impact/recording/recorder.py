"""What one process sees while tests run, gathered scope by scope.

A scope is a stretch of the run that serves known tests: one test, the set-up of a class or of a
module. The runner calls `take()` where one ends. Within a scope, what makes a value that is kept
beyond it (a memoised function, a template being compiled, a module imported late) is gathered a
second time under that value's name, because later tests use the value and never see it made.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Protocol

from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.recording.code_starts import code_starts
from cdds_django.impact.recording.gathered import Gathered
from cdds_django.impact.recording.memoised import Memos, below_keeper
from cdds_django.impact.recording.seen_code import Seen, SeenCode
from cdds_django.impact.records import CACHED, Dependencies, Dependency, Recording
from cdds_django.impact.storage.places import USES, place_of

MODULE_CODE = "<module>"

_MAX_DEPTH = 64
"""How many look-ups in vain are followed at once."""

_CACHED_PROPERTIES = ("/functools.py", "django/utils/functional.py")

_MAX_FILLS_PER_SCOPE = 32
"""How often one function is watched filling its memo within one scope: what it runs each time is
gathered anew."""

_NOTHING: Dependencies = frozenset()


class RecordingSource(Protocol):
    """A kind of dependency that has to be watched for while tests run."""

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        """Begin to call `recorder.note`; return what ends it."""


@dataclass
class _Scope:
    owner: Dependency | None = None
    codes: set[Seen] = field(default_factory=set)
    notes: set[Dependency] = field(default_factory=set)


class Recorder:
    """Gathers dependencies between `start()` and `stop()`."""

    def __init__(self, tree: SourceTree, sources: Iterable[RecordingSource]) -> None:
        self.tree = tree
        self._sources = tuple(sources)
        self._stop: list[Callable[[], None]] = []
        self._scopes = [_Scope()]
        self._lock = threading.RLock()
        self._code = SeenCode(tree)
        self._seen = self._code.by_id
        self._memos = Memos(tree.holds_code)
        self._named_memos: dict[str, set[Dependency]] = defaultdict(set)
        self._memos_known = 0
        self._widely_used: set[Dependency] = set()
        self._entered: Counter[Dependency] = Counter()
        self._passed_over: Counter[Dependency] = Counter()
        self._starts = code_starts(self)
        self._muted = False
        self._at_new_scope: list[Callable[[], None]] = []
        self._at_hand_over: list[Callable[[], None]] = []
        self._gathered = Gathered()

    def start(self) -> None:
        for source in self._sources:
            self._stop.append(source.watch(self))
        self._starts.start()
        self._stop.append(self._starts.stop)
        # After that, for on Python 3.11 functions have other code now.
        self._memos.look()

    def stop(self) -> None:
        while self._stop:
            self._stop.pop()()

    def look(self) -> None:
        """Take in what was imported with the recorder on, as what keeps results."""
        self._memos.look()

    def on_new_scope(self, callback: Callable[[], None]) -> None:
        """Have `callback` called whenever a scope begins, to see anew what was seen before."""
        self._at_new_scope.append(callback)

    def on_hand_over(self, callback: Callable[[], None]) -> None:
        """Have `callback` called whenever what every test depends on has to be noted anew."""
        self._at_hand_over.append(callback)

    def note(self, kind: str, key: str) -> None:
        """Add a dependency to the current scope."""
        # What a named tuple's own `__new__` does, with a call less.
        self._scopes[-1].notes.add(tuple.__new__(Dependency, (kind, key)))

    def note_one(self, dependency: Dependency) -> None:
        """Add a dependency to the current scope, without making it each time."""
        self._scopes[-1].notes.add(dependency)

    def note_all(self, dependencies: Dependencies) -> None:
        """Add dependencies to the current scope."""
        self._scopes[-1].notes |= dependencies

    def note_shared(self, kind: str, key: str) -> bool:
        """Add a dependency of every test; return whether it counts, which it doesn't when muted."""
        if not self._muted:
            self._gathered.shared.add(Dependency(kind, key))
        return not self._muted

    @contextmanager
    def filling(self, owner: Dependency) -> Iterator[None]:
        """Gather what runs inside under `owner` too, a value that outlives the scope."""
        self._push(owner)
        try:
            yield
        finally:
            self._pop(owner)

    def begin_filling(self, owner: Dependency) -> None:
        """Gather what runs from now on under `owner`, too, if `end_filling` comes in this scope."""
        if len(self._scopes) < _MAX_DEPTH:
            self._push(owner, noted=False)

    def end_filling(self, owner: Dependency) -> None:
        """Say that what `owner` stands for was made, be it without a beginning in this scope."""
        with self._lock:
            begun = any(scope.owner == owner for scope in self._scopes)
            if not begun and not self._muted:
                for scope in self._scopes:
                    self._gathered.fill(owner, self._resolve(scope))
        self._pop(owner)

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Forget what runs inside."""
        self._muted = True
        try:
            yield
        finally:
            self.take()
            # What was seen and forgotten is to be seen anew.
            self._rearm()
            self._muted = False

    def take(self) -> Dependencies:
        """End the scope: return what it depended on, and begin the next one."""
        with self._lock:
            while len(self._scopes) > 1:
                # Left by an exception, or still running in another thread.
                self._merge_top()
            scope = self._scopes[0]
            if not scope.codes and not scope.notes:
                return _NOTHING  # As most fixtures that a class inherits.
            self._scopes = [_Scope()]
            self._entered.clear()
        self._rearm()
        return self._resolve(scope)

    def observe(self, tests: Iterable[str]) -> None:
        """End the scope and keep what it depended on for these tests."""
        dependencies = self.take()
        if dependencies:
            self._gathered.observe(tuple(tests), dependencies)

    def share(self, *, settings_as: str = "setting") -> None:
        """End the scope and keep what it depended on for every test; settings under another kind.

        Tables that were filled then, or views of which something was asked, are left out: a test
        that uses one says so itself.
        """
        for dependency in self.take():
            if dependency.kind == "setting":
                self._gathered.shared.add(Dependency(settings_as, dependency.key))
            elif place_of(dependency) != USES:
                self._gathered.shared.add(dependency)

    def hand_over(self) -> Recording:
        """Return what was kept since the last call."""
        recording = self._gathered.hand_over()
        for callback in self._at_hand_over:
            callback()
        return recording

    # What code_starts reports.

    def watches(self, filename: str) -> bool:
        return self.tree.holds_code(filename)

    def discovered(self, code: CodeType, frame: FrameType) -> bool:
        path = self.tree.key(code.co_filename)
        if path is None:
            return False
        if code.co_name == MODULE_CODE:
            self._own(code, Dependency("import", path))
        else:
            self._discover_memo(path, code, frame)
        if not self._muted and below_keeper(frame, self.tree.holds_code):
            dependency = self._code.of(code).dependency
            if dependency is not None:
                self._gathered.shared.add(dependency)
        return True

    def started(self, code: CodeType) -> bool:
        # Most often heard of all, so with nothing called for what is known.
        seen = self._seen.get(id(code)) or self._code.of(code)
        if seen.owner is not None:
            self._begin_memo(seen.owner)
        with self._lock:
            codes = self._scopes[-1].codes
            if seen in codes:
                return True
            codes.add(seen)
        return False

    def _begin_memo(self, owner: Dependency) -> None:
        self._entered[owner] += 1
        if self._entered[owner] > _MAX_FILLS_PER_SCOPE:
            self._passed_over[owner] += 1
        else:
            self._push(owner)

    def returned(self, code: CodeType) -> None:
        owner = self._code.of(code).owner
        if owner is None:
            return
        if self._passed_over[owner]:
            self._passed_over[owner] -= 1
        else:
            self._pop(owner)

    def _discover_memo(self, path: str, code: CodeType, frame: FrameType) -> None:
        names = self._memos.names_of_kept(code, frame)
        if names is None:
            return
        owner = Dependency("memo", f"{path}::{code.co_qualname}")
        for name in names:
            self._named_memos[name].add(owner)
        self._memos_known += 1
        if self._memos.is_cached(code) and not self.tree.holds_code(_caller(frame)):
            # A cached function that a library calls: whoever makes the library do so later is
            # served from the cache and names nothing.
            self._widely_used.add(owner)
        self._own(code, owner)

    # Scopes within a scope.

    def _own(self, code: CodeType, owner: Dependency) -> None:
        self._code.of(code).owner = owner
        self._starts.watch_returns(code)

    def _push(self, owner: Dependency, *, noted: bool = True) -> None:
        with self._lock:
            if noted:
                self._scopes[-1].notes.add(owner)
            self._scopes.append(_Scope(owner))
        self._rearm()

    def _rearm(self) -> None:
        self._starts.rearm()
        for callback in self._at_new_scope:
            callback()

    def _pop(self, owner: Dependency) -> None:
        with self._lock:
            if any(scope.owner == owner for scope in self._scopes):
                while self._merge_top(owner) != owner:
                    pass

    def _merge_top(self, ended: Dependency | None = None) -> Dependency | None:
        inner = self._scopes.pop()
        outer = self._scopes[-1]
        outer.codes |= inner.codes
        outer.notes |= inner.notes
        # A value that was looked up in a cache in vain need not be put there.
        abandoned = inner.owner != ended and inner.owner is not None and inner.owner.kind == CACHED
        if inner.owner is not None and not self._muted and not abandoned:
            found = self._resolve(inner)
            self._gathered.fill(inner.owner, found)
            if inner.owner.kind == "import" or inner.owner in self._widely_used:
                # Who uses a module that was imported late can't be seen.
                self._gathered.shared |= found
        if inner.owner is not None and inner.owner.kind == "import":
            self._memos.look_at_imported()
        return inner.owner

    def _resolve(self, scope: _Scope) -> Dependencies:
        known = self._memos_known
        brought = []
        for seen in scope.codes.copy():
            when, found = seen.brings
            brought.append(found if when == known else self._brought_by(seen, known))
        return _NOTHING.union(scope.notes, *brought)

    def _brought_by(self, seen: Seen, known: int) -> Dependencies:
        """Return what running this code brings with it. It is kept till more memos are known."""
        own = () if seen.dependency is None else (seen.dependency,)
        memos = (self._named_memos.get(name, ()) for name in seen.code.co_names)
        found = frozenset(own).union(*memos)
        # In one go, since another thread may be doing the same with more or less known.
        seen.brings = known, found
        return found


def _caller(frame: FrameType) -> str:
    """Return the file of what called, looking through the code of cached properties."""
    outer = frame.f_back
    while outer is not None and outer.f_code.co_filename.endswith(_CACHED_PROPERTIES):
        outer = outer.f_back
    return outer.f_code.co_filename if outer is not None else ""
