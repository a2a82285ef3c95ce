"""What happens in a worker process: it prepares itself once, then runs batches."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
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
    board: Path = Path()
    """Where to write what runs; the pool fills it in."""


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


def run_batch(payload: bytes) -> BatchAnswer:
    """Run a pickled suite of tests. Raises WorkerError."""
    if "failure" in _state:
        raise WorkerError(_state["failure"])
    worker: _Worker = _state["worker"]
    recorder = worker.recorder
    # Unpickling imports test modules in a process that wasn't forked.
    with recorder.muted() if recorder is not None else nullcontext():
        suite = pickle.loads(payload)
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
    place = Place(plan.board, number)
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
    isolate(
        number,
        run=plan.run,
        with_caches=plan.isolate_caches,
        with_media=plan.isolate_media,
    )
    return number


def _end_quietly_on_sigterm(place: Place, coverage: WorkerCoverage | None) -> None:
    """The pool ends all workers when one dies: tell the two apart, and lose no coverage."""

    def end(*_: object) -> None:
        place.write_ended()
        if coverage is not None:
            coverage.save()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    # Ctrl-C reaches the whole process group; the parent asks workers to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
