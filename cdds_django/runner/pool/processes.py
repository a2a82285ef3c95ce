"""Workers that are processes of this machine.

Pipes carry short messages only, which are written whole or not at all, and what is long lies in
files. So nobody waits for the rest of a message from a process that was killed in the middle of it.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import multiprocessing.connection
import os
import pickle
import resource
import signal
import sys
import time
import unittest
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, cast

from cdds_django.errors import CddsError
from cdds_django.runner.isolation.batches import batch_id
from cdds_django.runner.isolation.caches import empty_caches_of
from cdds_django.runner.pool import worker as worker_module
from cdds_django.runner.pool.board import Board
from cdds_django.runner.pool.deaths import how_it_ended, stack_of_crash
from cdds_django.runner.pool.orders import BatchAnswer, Ended, Order
from cdds_django.runner.pool.plan import WorkerPlan

_END_S = 5.0
"""How long a worker that was asked to end may take; threads that a test left may keep it."""
_GRACE_S = 2.0
"""How long a test that was interrupted at its time limit may take to end."""
_ABORT_S = 1.0
"""How long writing down its stack may take a process that is to die."""


@dataclass
class _Process:
    process: Any
    connection: Connection
    is_overdue: bool = False
    dies_by_s: float | None = None


class LocalWorkers:
    """See `orders.Workers`."""

    def __init__(self, plan: WorkerPlan, tests: Sequence[unittest.TestCase]) -> None:
        self._plan = plan
        self._tests = tests
        self._board = Board(plan.directory)
        method = multiprocessing.get_start_method()
        self._context = multiprocessing.get_context(method)
        self._is_forking = method == "fork"
        self._processes: dict[int, _Process] = {}
        self._generations: Counter[int] = Counter()
        if self._is_forking:
            worker_module.inherited_tests[:] = tests
        else:
            # What can't be sent is better told before anything runs.
            for _, of_class in itertools.groupby(tests, type):
                pickled(list(of_class))

    def has_place(self, worker: int) -> bool:
        return True

    def begin(self, worker: int) -> None:
        self._board.clear(worker)
        self._generations[worker] += 1
        ours, theirs = self._context.Pipe()
        # A forked process would hold these open for the others.
        inherited = [ours, *(p.connection for p in self._processes.values())]
        process = cast(Any, self._context).Process(
            target=worker_module.work,
            args=(
                worker,
                self._generations[worker],
                self._plan,
                theirs,
                inherited if self._is_forking else [],
            ),
            name=f"cdds-worker-{worker}",
        )
        process.start()
        theirs.close()
        self._processes[worker] = _Process(process, ours)

    def submit(self, worker: int, order: Order) -> None:
        message: Any = order.tests
        if (content := self._content(order)) is not None:
            path = self._plan.directory / f"order-{worker}"
            path.write_bytes(content)
            message = str(path)
        # Where it has died, `wait` says so.
        with contextlib.suppress(OSError):
            self._processes[worker].connection.send(message)

    def _content(self, order: Order) -> bytes | None:
        """Return what a worker is sent that hasn't got the tests in its memory."""
        return None if self._is_forking else pickled([self._tests[i] for i in order.tests])

    def wait(self, timeout_s: float) -> list[BatchAnswer | Ended]:
        everyone = self._processes.values()
        # A process's end shows in its sentinel too, unless another process holds that open.
        signs = [sign for p in everyone for sign in (p.connection, p.process.sentinel)]
        multiprocessing.connection.wait(signs, timeout_s)
        events: list[BatchAnswer | Ended] = []
        for worker, process in list(self._processes.items()):
            is_dead = process.process.exitcode is not None
            # What it says first is that it has an answer, then perhaps that it is no more.
            events += self._answers(process.connection)
            if is_dead:
                events.append(self._take_away(worker))
            elif self._plan.time_limit_s is not None:
                self._end_overdue(worker, process)
        return events

    def _answers(self, connection: Connection) -> Iterator[BatchAnswer]:
        names = []
        with contextlib.suppress(OSError, EOFError):
            while connection.poll():
                names.append(connection.recv_bytes().decode())
        for name in names:
            path = self._plan.directory / name
            answer: BatchAnswer | str = pickle.loads(path.read_bytes())
            path.unlink()
            if isinstance(answer, str):
                raise CddsError(answer)
            yield answer

    def _take_away(self, worker: int) -> Ended:
        process = self._processes.pop(worker)
        process.connection.close()
        # What its tests started dies with it.
        _kill_group(process.process.pid)
        self._empty_caches(worker)
        how = how_it_ended(process.process.exitcode)
        if process.is_overdue:
            how = f"it went on after its time limit of {self._plan.time_limit_s:g} s and was ended"
        return Ended(
            worker=worker,
            running=self._board.running(worker).what,
            how=how,
            batch_id=self._batch_id(worker),
            is_overdue=process.is_overdue,
            stack=stack_of_crash(self._plan.directory / f"stack-{worker}"),
        )

    def _end_overdue(self, worker: int, process: _Process) -> None:
        """End a worker whose test could not be interrupted from within."""
        now = time.monotonic()
        if process.dies_by_s is not None:
            if now > process.dies_by_s:
                _kill(process)
            return
        since_s, what = self._board.running(worker)
        assert self._plan.time_limit_s is not None
        if what and now - since_s > self._plan.time_limit_s + _GRACE_S:
            process.is_overdue = True
            process.dies_by_s = now + _ABORT_S
            # Python writes down all threads' stacks at this signal.
            with contextlib.suppress(OSError, AttributeError, ValueError):
                resource.prlimit(process.process.pid, resource.RLIMIT_CORE, (0, 0))
            with contextlib.suppress(OSError):
                os.kill(process.process.pid, signal.SIGABRT)

    def end(self, worker: int) -> None:
        self._ask_to_end(self._processes[worker])
        self._see_off(worker, time.monotonic() + _END_S)

    def ask_to_stop(self) -> None:
        self._board.ask_to_stop()

    def close(self, *, at_once: bool = False) -> None:
        for process in self._processes.values():
            if at_once:
                _kill(process)
                process.process.join()
            else:
                self._ask_to_end(process)
        until_s = time.monotonic() + _END_S
        for worker in list(self._processes):
            self._see_off(worker, until_s)

    def _ask_to_end(self, process: _Process) -> None:
        with contextlib.suppress(OSError):
            process.connection.send(None)

    def _see_off(self, worker: int, until_s: float) -> None:
        process = self._processes.pop(worker)
        process.process.join(max(0.1, until_s - time.monotonic()))
        if process.process.exitcode is None:
            print(
                f"Worker {worker} did not end by itself, perhaps for a thread that a test left "
                "running, and was ended. --check-leftovers names such tests.",
                file=sys.stderr,
            )
            _kill(process)
            process.process.join()
        if process.process.exitcode:
            self._empty_caches(worker)
        process.connection.close()

    def _empty_caches(self, worker: int) -> None:
        """Do what a worker does that ends by itself."""
        if self._plan.isolate_caches:
            empty_caches_of(self._batch_id(worker), directory=self._plan.directory)

    def _batch_id(self, worker: int) -> str:
        return batch_id(self._plan.run, worker, self._generations[worker])


def pickled(tests: Sequence[unittest.TestCase]) -> bytes:
    """Return tests for a process that isn't forked. Raises CddsError."""
    try:
        return pickle.dumps(list(tests))
    except Exception as error:
        cls = type(tests[0])
        raise CddsError(
            f"The tests of {cls.__module__}.{cls.__qualname__} can't be sent to a worker: "
            f"{error}. Make what the class or its tests hold picklable, or pass --parallel=1."
        ) from error


def _kill(process: _Process) -> None:
    _kill_group(process.process.pid)
    process.process.kill()  # It may not have come to be the leader of a group.


def _kill_group(leader: int) -> None:
    """End a worker with all the processes that its tests started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
