"""What has to be there before the first test: databases, URLs, passed system checks.

All tests depend on what these run and read, so that is kept.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

from django.urls import get_resolver

from cdds_django.conf import settings
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import CHECKED, Recording
from cdds_django.runner.coverage import owners
from cdds_django.runner.databases.preparing import PreparedDatabases, prepared_databases
from cdds_django.runner.databases.wanted import Wanted
from cdds_django.runner.running.context import RunContext


class Preparation:
    """Prepares a run, and keeps recordings of that."""

    def __init__(self, context: RunContext, recorder: Recorder | None) -> None:
        self.recordings: list[Recording] = []
        self._context = context
        self._recorder = recorder

    def make_databases(
        self, stack: ExitStack, aliases: Mapping[str, bool], *, workers: int, anew: bool
    ) -> PreparedDatabases:
        """Make the databases `aliases`, each with whether its content is serialized.

        `workers` is the number of processes that need their own; `stack` lets go of them all.
        `anew` says that those which are there from earlier runs don't do.
        """
        context, recorder = self._context, self._recorder
        context.measure_as(owners.DATABASES)
        started = time.perf_counter()
        prepared = stack.enter_context(
            prepared_databases(
                aliases,
                runner=context.runner,
                wanted=Wanted.of(settings, keep=context.runner.keepdb, anew=anew, workers=workers),
                tree=context.tree,
                recorder=recorder,
            )
        )
        context.timings.database_s = time.perf_counter() - started
        if context.coverage is not None:
            context.coverage.databases_made = not prepared.reused
        context.measure_as(owners.ELSE)
        if recorder is not None:
            recorder.share()
            self._keep(prepared, recorder.hand_over())
            with recorder.muted():
                load_urls()
        return prepared

    def check(self, aliases: Mapping[str, bool]) -> None:
        """Run Django's system checks. Tests don't depend on these; whether the checks pass does."""
        self._context.runner.run_checks(set(aliases))
        if self._recorder is not None:
            self._recorder.share(settings_as=CHECKED)
            self.recordings.append(self._recorder.hand_over())

    def _keep(self, prepared: PreparedDatabases, seen: Recording) -> None:
        """Make all tests depend on what made the databases, also when that was an earlier run.

        Whether a database was there, from a run before, made no difference.
        """
        tree = self._context.tree
        files = {tree.key(os.path.abspath(path)) for path in prepared.files()}
        made_by = Recording(shared=prepared.prepared_by)
        for recording in (*prepared.recordings, seen, made_by):
            shared = frozenset(one for one in recording.shared if one.key not in files)
            self.recordings.append(replace(recording, shared=shared))


def load_urls() -> None:
    """Import the URL configuration, which the first request would do otherwise.

    What importing it runs is known from the second process; here it would count as what every
    test did.
    """
    # Where it can't be imported, tests that make requests say so.
    with contextlib.suppress(Exception):
        get_resolver().url_patterns  # noqa: B018
