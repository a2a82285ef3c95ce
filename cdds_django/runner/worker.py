"""What happens in a worker process: it prepares itself once, then runs batches."""

from __future__ import annotations

import ctypes
import multiprocessing
import multiprocessing.util
import os
import pickle
import signal
import sys
import traceback
import unittest
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import runner as django_runner

from cdds_django.impact.recorder import Recorder
from cdds_django.impact.records import Recording
from cdds_django.impact.sources.catalogue import SOURCES
from cdds_django.impact.tree import SourceTree
from cdds_django.runner import suites
from cdds_django.runner.board import Place
from cdds_django.runner.coverage_data import WorkerCoverage
from cdds_django.runner.hashers import use_fast_hasher
from cdds_django.runner.isolation import isolate
from cdds_django.runner.results import Event, WorkerResult


@dataclass(frozen=True, kw_only=True)
class WorkerPlan:
    """All that a worker needs to know. Picklable, for start methods other than fork."""

    run: str
    """Unique to the test run."""
    aliases: frozenset[str]
    """The databases in use."""
    initial_settings: Mapping[str, Any] | None = None
    serialized_contents: Mapping[str, Any] | None = None
    debug_mode: bool = False
    failfast: bool = False
    buffer: bool = False
    tree: SourceTree | None = None
    """First-party code, if the run is recorded."""
    fast_hasher: bool = False
    isolate_caches: bool = False
    isolate_media: bool = False
    coverage_file: str | None = None
    directory: Path = Path()
    """Of the run, which removes it: for the board and for temporary files."""


@dataclass(frozen=True, kw_only=True)
class BatchAnswer:
    """What a worker hands back for one batch."""

    worker: int
    events: tuple[Event, ...]
    recording: Recording


class WorkerError(Exception):
    """A worker could not prepare itself; the text is its traceback."""


class _WorkerWatcher:
    def __init__(self, recorder: Recorder | None, place: Place) -> None:
        self.recorder = recorder
        self.place = place

    def running(self, what: str) -> None:
        self.place.write(what)


@dataclass
class _Worker:
    number: int
    plan: WorkerPlan
    place: Place
    recorder: Recorder | None
    coverage: WorkerCoverage | None


_state: dict[str, Any] = {}


def initialize(counter: Any, plan: WorkerPlan) -> None:
    """Prepare this process. A failure is kept for the first batch to report.

    An initializer that raises would break the pool without saying why.
    """
    try:
        _state["worker"] = _prepare(counter, plan)
    except BaseException:
        _state["failure"] = traceback.format_exc()


inherited_suites: list[unittest.TestSuite] = []
"""What forked workers find in their memory; not every test can be pickled."""


def run_batch(work: bytes | int) -> BatchAnswer:
    """Run a pickled suite of tests, or an inherited one by its place. Raises WorkerError."""
    if "failure" in _state:
        raise WorkerError(_state["failure"])
    worker: _Worker = _state["worker"]
    recorder = worker.recorder
    # Unpickling imports test modules in a process that wasn't forked.
    with recorder.muted() if recorder is not None else nullcontext():
        suite = inherited_suites[work] if isinstance(work, int) else pickle.loads(work)
    tests = list(suite)
    result = WorkerResult(tests, worker.place.stop_asked)
    unittest.registerResult(result)
    result.failfast = worker.plan.failfast
    result.buffer = worker.plan.buffer
    suite(result)
    worker.place.write("")
    if worker.coverage is not None:
        worker.coverage.save()
    return BatchAnswer(
        worker=worker.number,
        events=tuple(result.events),
        recording=recorder.hand_over() if recorder is not None else Recording(),
    )


def _prepare(counter: Any, plan: WorkerPlan) -> _Worker:
    coverage = WorkerCoverage.start(plan.coverage_file) if plan.coverage_file else None
    forked = multiprocessing.get_start_method() == "fork"
    inherited = suites.watcher[-1].recorder if forked else None
    with inherited.muted() if inherited is not None else nullcontext():
        number = _set_up_django(counter, plan, forked=forked)
    if inherited is not None:
        inherited.hand_over()  # What the parent saw before the fork is the parent's to report.
    recorder = inherited
    if recorder is None and plan.tree is not None:
        recorder = Recorder(plan.tree, SOURCES)
        recorder.start()
        recorder.take()
    place = Place(plan.directory, number)
    suites.watcher.append(_WorkerWatcher(recorder, place))
    _end_quietly_on_sigterm(place, coverage)
    return _Worker(number, plan, place, recorder, coverage)


def _set_up_django(counter: Any, plan: WorkerPlan, *, forked: bool) -> int:
    django: Any = django_runner
    django._init_worker(
        counter,
        initial_settings=plan.initial_settings,
        serialized_contents=plan.serialized_contents,
        debug_mode=plan.debug_mode,
        used_aliases=plan.aliases,
    )
    number: int = django._worker_id
    if not forked and plan.fast_hasher:
        use_fast_hasher()
    undo = isolate(
        number,
        run=plan.run,
        directory=plan.directory,
        with_caches=plan.isolate_caches,
        with_media=plan.isolate_media,
    )
    # `atexit` has no say in processes of multiprocessing.
    multiprocessing.util.Finalize(None, undo, exitpriority=1)
    return number


def _end_quietly_on_sigterm(place: Place, coverage: WorkerCoverage | None) -> None:
    """The pool ends all workers when one dies: tell the two apart, and lose no coverage."""
    own = os.getpid()

    def end(*_: object) -> None:
        # A process that a test forked says nothing for this one.
        if os.getpid() == own:
            place.write_ended()
            if coverage is not None:
                coverage.save()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    # Ctrl-C reaches the whole process group; the parent asks workers to stop. A function, since
    # programs that tests start would inherit SIG_IGN.
    signal.signal(signal.SIGINT, lambda *_: None)
    _end_with_parent()


def _end_with_parent() -> None:
    """Have the system end this process when its parent dies, where the system can."""
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2).
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
