"""What happens in a worker process: it prepares itself once, then carries out orders."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import multiprocessing
import os
import pickle
import signal
import sys
import traceback
import unittest
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.test import runner as django_runner

from cdds_django.impact.recording.patching import all_of
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.sources.catalogue import SOURCES
from cdds_django.runner.coverage import owners
from cdds_django.runner.databases.forks import take_over
from cdds_django.runner.databases.reset import resetting
from cdds_django.runner.isolation.batches import batch_id
from cdds_django.runner.isolation.isolate import isolate
from cdds_django.runner.outcomes.events import WorkerResult
from cdds_django.runner.pool.board import Place
from cdds_django.runner.pool.outbox import Outbox, Reporter
from cdds_django.runner.pool.plan import WorkerPlan
from cdds_django.runner.running import suites, watching
from cdds_django.runner.running.hashers import use_fast_hasher

if TYPE_CHECKING:
    from cdds_django.runner.coverage.measuring import Measurement

inherited_tests: list[unittest.TestCase] = []
"""What forked workers find in their memory; not every test can be pickled."""


@dataclass
class _Worker:
    number: int
    batch_id: str
    plan: WorkerPlan
    place: Place
    recorder: Recorder | None
    measurement: Measurement | None
    reporter: Reporter
    undo: Callable[[], None]


def work(
    number: int,
    generation: int,
    plan: WorkerPlan,
    connection: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Carry out what comes through `connection` until told to end, or until the parent is gone.

    A message holds places in `inherited_tests`, or the path of a file with pickled tests.
    `generation` counts the workers that have had this number.
    """
    for other in inherited:
        other.close()
    _detach()
    if plan.output is not None:
        plan.output.redirect()
    outbox = Outbox(connection, plan.directory / f"answer-{number}-{generation}")
    try:
        worker = _prepare(number, generation, plan, outbox)
    except BaseException:
        outbox.send(f"A worker could not be prepared:\n{traceback.format_exc()}")
        return
    try:
        with contextlib.suppress(EOFError):
            while (message := connection.recv()) is not None:
                _run(worker, message)
    except Exception:
        outbox.send(f"A worker can't go on:\n{traceback.format_exc()}")
    finally:
        worker.undo()


def _run(worker: _Worker, message: Sequence[int] | str) -> None:
    recorder, measurement = worker.recorder, worker.measurement
    if measurement is not None and isinstance(message, str):
        measurement.enter(owners.IMPORTS)
    # Unpickling imports test modules in a process that wasn't forked.
    with recorder.muted() if recorder is not None else nullcontext():
        tests: list[unittest.TestCase] = (
            pickle.loads(Path(message).read_bytes())
            if isinstance(message, str)
            else [inherited_tests[place] for place in message]
        )
    result = WorkerResult(tests, worker.place.stop_asked)
    result.failfast = worker.plan.failfast
    result.buffer = worker.plan.buffer
    worker.reporter.begin(tests, result)
    suites.WatchedSuite(tests)(result)
    suites.watcher[-1].running("")
    worker.reporter.end()


def _prepare(number: int, generation: int, plan: WorkerPlan, outbox: Outbox) -> _Worker:
    if plan.faulthandler:
        # Kept open: it is written to when the process is about to die.
        faulthandler.enable(os.open(plan.directory / f"stack-{number}", _NEW_FILE, 0o600))
    measurement = plan.coverage.start(str(os.getpid())) if plan.coverage is not None else None
    forked = multiprocessing.get_start_method() == "fork"
    inherited = suites.watcher[-1].recorder if forked else None
    batch = batch_id(plan.run, number, generation)
    with inherited.muted() if inherited is not None else nullcontext():
        undo = _set_up_django(number, batch, plan, forked=forked)
    if inherited is not None:
        inherited.hand_over()  # What the parent saw before the fork is the parent's to report.
    recorder = inherited
    if recorder is None and plan.tree is not None:
        recorder = Recorder(plan.tree, SOURCES)
        recorder.start()
        recorder.take()
    place = Place(plan.directory, number)
    others, _ = watching.parts(
        recorder,
        measurement=measurement,
        random_seed=plan.random_seed,
        time_limit_s=plan.time_limit_s,
        check_leftovers=plan.check_leftovers,
        is_alone=False,
    )
    reporter = Reporter(
        outbox, worker=number, batch_id=batch, recorder=recorder, measurement=measurement
    )
    # The first is told last that a test has ended: what the others find is part of the answer.
    suites.watcher.append(suites.Watcher(recorder, [reporter, place, *others]))
    return _Worker(number, batch, plan, place, recorder, measurement, reporter, undo)


_NEW_FILE = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC


class _Counter:
    """Stands for the shared counter from which Django's workers take their numbers."""

    def __init__(self, number: int) -> None:
        self.value = number - 1

    def get_lock(self) -> Any:
        return nullcontext()


def _set_up_django(
    number: int, batch: str, plan: WorkerPlan, *, forked: bool
) -> Callable[[], None]:
    django: Any = django_runner
    django._init_worker(
        _Counter(number),
        debug_mode=plan.debug_mode,
        # Databases aren't Django's to find here.
        used_aliases=frozenset(),
    )
    take_over(plan.initial_settings or {}, plan.serialized_contents or {})
    end_resetting = resetting(plan.forks.for_worker(number))
    if not forked and plan.fast_hasher:
        use_fast_hasher()
    end_isolation = isolate(
        number,
        batch=batch,
        directory=plan.directory,
        with_caches=plan.isolate_caches,
        with_files=plan.isolate_media,
    )
    return all_of([end_resetting, end_isolation])


def _detach() -> None:
    """Leave the terminal to the parent: Ctrl-C reaches it alone, and it asks workers to stop.

    A session of its own also lets the parent end a worker with all that its tests started.
    """
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform == "linux":
        # Have the system end this process when its parent dies.
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2).
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
