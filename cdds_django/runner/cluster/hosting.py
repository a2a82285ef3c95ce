"""A host: a process beside Dask's that prepares databases and has a child of its own run tests.

It is `manage.py test` with the client's own arguments, so that whatever a project does on the way
to its tests is done here too. Instead of discovering and running tests it serves the client.
"""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import sys
import traceback
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import SystemCheckError

from cdds_django.conf import settings
from cdds_django.errors import CddsError
from cdds_django.impact.records import Dependencies
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.cluster import HOST_VARIABLE
from cdds_django.runner.cluster.hosted_workers import HostedWorkers
from cdds_django.runner.cluster.messages import (
    Finish,
    Finished,
    HostPlan,
    NotReady,
    Ready,
    Stop,
    Work,
    packed,
)
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.coverage.points import Measured, Place
from cdds_django.runner.coverage.run import RunCoverage
from cdds_django.runner.outcomes.outcome import Timings
from cdds_django.runner.pool.orders import BatchAnswer, Ended
from cdds_django.runner.progress.progress import Progress
from cdds_django.runner.running.context import RunContext
from cdds_django.runner.running.execution import made_directory
from cdds_django.runner.running.hashers import use_fast_hasher
from cdds_django.runner.running.observing import started_recorder
from cdds_django.runner.running.pooling import worker_plan
from cdds_django.runner.running.preparation import Preparation

if TYPE_CHECKING:
    from cdds_django.runner.runner import DeltaDiscoverRunner

_POLL_S = 0.2
"""How long a request to stop may go unnoticed."""


def serve(runner: DeltaDiscoverRunner) -> None:
    """Carry out what the client sends, until it is gone or says that the run is over."""
    channel, output, directory = os.environ.pop(HOST_VARIABLE).split(":")
    # Whoever started this process may have died before it; coverage.py has written by then.
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    connection = Connection(int(channel))
    try:
        plan: HostPlan = connection.recv()
        run = _begun(runner, plan, Path(directory))
        run.serve(connection, plan, int(output))
    except EOFError:
        return  # The client is gone.
    except SystemCheckError as error:
        _tell(connection, NotReady(text=str(error), is_check=True))
    except CddsError as error:
        _tell(connection, NotReady(text=str(error)))
    except BaseException:
        _tell(connection, NotReady(text=traceback.format_exc()))


def _tell(connection: Connection, message: Any) -> None:
    try:
        connection.send_bytes(packed(message))
    except OSError:
        sys.exit(1)  # Nobody listens any more.


def _begun(runner: DeltaDiscoverRunner, plan: HostPlan, directory: Path) -> HostRun:
    options = runner.delta_options
    contract = ContractView(settings.snapshot)
    session = (
        ImpactSession.open(settings, contract, plan.run)
        if options.record and options.needs_map
        else None
    )
    coverage = RunCoverage.begin(options, settings)
    atexit.register(coverage.close)
    sys.path[:0] = [
        place
        for place in (str((settings.root / inner).resolve()) for inner in plan.path)
        if place not in sys.path
    ]
    coverage.begin_loading()
    for module in plan.modules:
        importlib.import_module(module)
    coverage.end_loading()
    context = RunContext(
        runner=runner,
        options=options,
        loader=runner.loader,
        session=session,
        coverage=coverage.session,
        run_id=plan.run,
        timings=Timings(),
        progress=Progress(),
    )
    return HostRun(context, directory)


class HostRun:
    """The part of a run that is done on one place of a cluster.

    What imports do is the client's to find out.
    """

    def __init__(self, context: RunContext, directory: Path) -> None:
        """Temporary files are kept in `directory`, which is removed with the host."""
        self._context = context
        self._directory = directory
        self._session = context.session
        self._coverage = context.coverage

    def serve(self, connection: Connection, plan: HostPlan, output: int) -> None:
        """Prepare databases, say so, and carry out orders."""
        context, runner = self._context, self._context.runner
        runner.setup_test_environment()
        with ExitStack() as stack:
            if self._session is not None:
                stack.callback(self._session.close)
            stack.callback(runner.teardown_test_environment)
            if settings.fast_hasher:
                stack.callback(use_fast_hasher())
            recorder = started_recorder(context, stack)
            directory = made_directory(stack, self._directory)
            preparation = Preparation(context, recorder)
            # The client knows whether lines of migrations are missing, and says so in the plan.
            prepared = preparation.make_databases(stack, plan.databases, workers=1, anew=plan.anew)
            if plan.check:
                preparation.check(plan.databases)
            forks = prepared.plan._replace(first=plan.worker)
            workers = HostedWorkers(worker_plan(context, forks, plan.databases, directory))
            _write_to(output)
            lines, tracers = self._lines()
            connection.send_bytes(
                packed(
                    Ready(
                        recordings=tuple(preparation.recordings),
                        lines=lines,
                        tracers=tracers,
                        made_databases=not prepared.reused,
                        brings_back=prepared.plan.are_brought_back,
                    )
                )
            )
            finish = None
            try:
                finish = self._carry_out(connection, workers, plan.worker)
            finally:
                workers.close(at_once=finish is None)
            # The client compares while its test environment is set up, too.
            differing = self._differing(finish) if finish is not None else frozenset()
        if finish is not None:
            lines, tracers = self._lines()
            answer = Finished(lines=lines, tracers=tracers, differing=differing)
            connection.send_bytes(packed(answer))

    def _carry_out(
        self, connection: Connection, workers: HostedWorkers, worker: int
    ) -> Finish | None:
        """Carry out orders till the run is over. Return None where the client is gone."""
        try:
            while True:
                if connection.poll(0 if workers.is_busy else _POLL_S):
                    message: Work | Finish | Stop = connection.recv()
                    if isinstance(message, Finish):
                        return message
                    if isinstance(message, Stop):
                        workers.ask_to_stop()
                    else:
                        workers.carry_out(worker, message)
                if workers.is_busy:
                    for event in workers.answers(_POLL_S):
                        connection.send_bytes(packed(self._told(event)))
        except (EOFError, OSError):
            return None

    def _told(self, event: BatchAnswer | Ended) -> BatchAnswer | Ended:
        """Return an answer with files called by the names that they have in any checkout."""
        if isinstance(event, Ended) or self._coverage is None:
            return event
        lines, tracers = self._named(event.lines, event.tracers)
        return replace(event, lines=lines, tracers=tracers)

    def _lines(self) -> tuple[Measured, Mapping[str, str]]:
        if self._coverage is None:
            return {}, {}
        measurement = self._coverage.measurement
        return self._named(measurement.hand_over(), measurement.tracers)

    def _named(
        self, measured: Measured, tracers: Mapping[str, str]
    ) -> tuple[Measured, Mapping[str, str]]:
        assert self._coverage is not None, "only measured runs have lines"
        key = self._coverage.key
        return (
            {
                owner: {
                    Place(key(place.file), place.context): points for place, points in lines.items()
                }
                for owner, lines in measured.items()
            },
            {key(file): name for file, name in tracers.items()},
        )

    def _differing(self, finish: Finish) -> Dependencies:
        if self._session is None:
            return frozenset()
        here = self._session.fingerprints(finish.states)
        return frozenset(d for d, state in finish.states.items() if here.get(d) != state)


def _write_to(descriptor: int) -> None:
    """Have this process, and those that it starts, write where Dask's does."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
