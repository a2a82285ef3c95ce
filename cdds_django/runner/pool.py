"""Spreading batches over worker processes, and surviving their death.

Written against `concurrent.futures.Executor`, so that the same code can drive processes of one
machine or of many. When a process dies, its executor breaks as a whole: this module then names the
test that the process was running, starts a new executor and runs what is left.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import unittest
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from concurrent.futures.process import ProcessPoolExecutor
from dataclasses import dataclass

from cdds_django.errors import CddsError
from cdds_django.runner.board import Board
from cdds_django.runner.worker import (
    BatchAnswer,
    WorkerError,
    WorkerPlan,
    inherited_suites,
    initialize,
    run_batch,
)

_MAX_IDLE_RESTARTS = 2
_POLL_S = 0.2
"""How long Ctrl-C may go unnoticed."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Tests that one worker runs in a row: those of one class."""

    tests: tuple[unittest.TestCase, ...]
    suite_class: type[unittest.TestSuite]

    def without(self, running: str) -> Batch:
        """Return what is left when `running` (a test's id or a fixture's name) killed a worker."""
        left = tuple(test for test in self.tests if not _was_running(test, running))
        return Batch(tests=left, suite_class=self.suite_class)

    def suite(self) -> unittest.TestSuite:
        return self.suite_class(self.tests)

    def pickled(self) -> bytes:
        """Return the suite for a process that isn't forked. Raises CddsError."""
        try:
            return pickle.dumps(self.suite())
        except Exception as error:
            cls = type(self.tests[0])
            raise CddsError(
                f"The tests of {cls.__module__}.{cls.__qualname__} can't be sent to a worker: "
                f"{error}. Make what the class or its tests hold picklable, or pass --parallel=1."
            ) from error


@dataclass(frozen=True, kw_only=True)
class Death:
    """A worker died."""

    running: str
    """The id of the test, or the name of the fixture, that it was running."""
    worker: int
    tests: tuple[unittest.TestCase, ...]
    """The tests that can't be run because of it."""
    how: str


def _was_running(test: unittest.TestCase, running: str) -> bool:
    cls = type(test)
    return running in (
        test.id(),
        f"setUpClass ({cls.__module__}.{cls.__qualname__})",
        f"tearDownClass ({cls.__module__}.{cls.__qualname__})",
        f"setUpModule ({cls.__module__})",
        f"tearDownModule ({cls.__module__})",
    )


class Pool:
    """Runs batches on `processes` workers, in the order given."""

    def __init__(
        self,
        plan: WorkerPlan,
        processes: int,
        board: Board,
        *,
        restore: Callable[[], None],
        is_stopped: Callable[[], bool],
    ) -> None:
        """`restore` brings what workers use back to a clean state after a death.

        `is_stopped` says whether the run is to end early.
        """
        self._plan = plan
        self._processes = processes
        self._board = board
        self._restore = restore
        self._is_stopped = is_stopped
        self._left: list[Batch] = []
        self._is_forking = multiprocessing.get_start_method() == "fork"

    def run(self, batches: Sequence[Batch]) -> Iterator[tuple[Batch, BatchAnswer] | Death]:
        """Yield each batch's answer as it comes, and each worker's death.

        Raises CddsError where workers can't be started at all.
        """
        self._left = list(batches)
        if not self._is_forking:
            for batch in batches:
                batch.pickled()  # Fail before anything runs.
        idle_restarts = 0
        while self._left:
            answered = yield from self._run_until_broken()
            if answered is None:
                return
            self._restore()
            idle_restarts = 0 if answered else idle_restarts + 1
            if idle_restarts > _MAX_IDLE_RESTARTS:
                raise CddsError(
                    "Worker processes die before they run a test. Pass --parallel=1 to see why."
                )

    def _run_until_broken(
        self,
    ) -> Generator[tuple[Batch, BatchAnswer] | Death, None, bool | None]:
        """As `run`, with one executor. Return None at the end, else whether there was progress."""
        self._board.clear()
        works = self._works()
        executor = self._executor()
        processes: Mapping[int, multiprocessing.Process] = {}
        running: dict[Future[BatchAnswer], Batch] = {}
        progress = False
        try:
            while self._left or running:
                if self._is_stopped():
                    # Running batches end after their present test.
                    self._left.clear()
                    self._board.ask_to_stop()
                while self._left and len(running) < self._processes:
                    future = executor.submit(run_batch, next(works))
                    running[future] = self._left.pop(0)
                processes = dict(getattr(executor, "_processes", None) or processes)
                done, _ = wait(running, _POLL_S, return_when=FIRST_COMPLETED)
                for future in done:
                    answer = _result(future)
                    yield running.pop(future), answer
                    progress = True
        except BrokenExecutor:
            # Only when all processes have ended does the board tell the dead from the ended.
            executor.shutdown(wait=True, cancel_futures=True)
            for batch in running.values():
                self._left.insert(0, batch)
            deaths = self._deaths(processes)
            yield from deaths
            return progress or bool(deaths)
        except KeyboardInterrupt:
            for process in processes.values():
                process.kill()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
        return None

    def _works(self) -> Iterator[bytes | int]:
        """Yield what to send to a worker for each batch, in the order that they are started."""
        if not self._is_forking:
            return (batch.pickled() for batch in list(self._left))
        inherited_suites[:] = [batch.suite() for batch in self._left]
        return iter(range(len(inherited_suites)))

    def _deaths(self, processes: Mapping[int, multiprocessing.Process]) -> list[Death]:
        deaths = []
        how = _how_it_ended(processes)
        for worker, what in self._board.running().items():
            victims = [
                test for batch in self._left for test in batch.tests if _was_running(test, what)
            ]
            self._left = [left for b in self._left if (left := b.without(what)).tests]
            deaths.append(Death(running=what, worker=worker, tests=tuple(victims), how=how))
        return deaths

    def _executor(self) -> Executor:
        context = multiprocessing.get_context(multiprocessing.get_start_method())
        counter = context.Value("i", 0)
        return ProcessPoolExecutor(
            self._processes,
            mp_context=context,
            initializer=initialize,
            initargs=(counter, self._plan),
        )


def _result(future: Future[BatchAnswer]) -> BatchAnswer:
    try:
        return future.result()
    except WorkerError as failure:
        raise CddsError(f"A worker could not be prepared:\n{failure}") from None


def _how_it_ended(processes: Mapping[int, multiprocessing.Process]) -> str:
    codes = {process.exitcode for process in processes.values()} - {0, None, -signal.SIGTERM}
    told = [
        signal.Signals(-code).name if code < 0 else f"exit status {code}"
        for code in sorted(code for code in codes if code is not None)
    ]
    return " and ".join(told) or "without a trace"
