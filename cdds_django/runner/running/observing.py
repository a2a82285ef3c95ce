"""Watching what runs in this process: the impact map's recorder, and what is told of each test."""

from __future__ import annotations

from contextlib import ExitStack

from cdds_django.conf import settings
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.sources.catalogue import SOURCES
from cdds_django.runner.progress.watching import ProgressPart
from cdds_django.runner.running import suites, watching
from cdds_django.runner.running.context import RunContext


def started_recorder(context: RunContext, stack: ExitStack) -> Recorder | None:
    """Record what runs from now on, where the run is recorded; `stack` ends that."""
    session = context.recorded
    if session is None:
        return None
    recorder = Recorder(session.tree, SOURCES)
    recorder.start()
    stack.callback(recorder.stop)
    recorder.take()
    # Forked workers find it there.
    suites.watcher.append(suites.Watcher(recorder))
    stack.callback(suites.watcher.pop)
    return recorder


def watch(context: RunContext, stack: ExitStack, recorder: Recorder | None) -> None:
    """Have this process do around each test what workers do."""
    coverage, options = context.coverage, context.options
    parts, end = watching.parts(
        recorder,
        measurement=coverage.measurement if coverage is not None else None,
        check_leftovers=options.check_leftovers,
        random_seed=settings.random_seed,
        time_limit_s=options.timeout_s,
        is_alone=True,
    )
    stack.callback(end)
    parts = (ProgressPart(context.progress, recorder), *parts)
    suites.watcher.append(suites.Watcher(recorder, parts))
    stack.callback(suites.watcher.pop)
