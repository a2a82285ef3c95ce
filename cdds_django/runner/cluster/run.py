"""One run of a suite whose tests run on a cluster."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import cloudpickle

from cdds_django.conf import settings
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.records import Dependencies, Dependency
from cdds_django.runner.cluster import agent, facts
from cdds_django.runner.cluster.connecting import connected
from cdds_django.runner.cluster.finishing import finish, to_compare
from cdds_django.runner.cluster.messages import HostPlan, Ready
from cdds_django.runner.cluster.places import Places
from cdds_django.runner.cluster.project import ClientProject
from cdds_django.runner.cluster.tasks import Tasks
from cdds_django.runner.cluster.workers import ClusterWorkers
from cdds_django.runner.coverage.points import Measured, Place
from cdds_django.runner.databases.forks import ForkPlan
from cdds_django.runner.outcomes.outcome import Execution
from cdds_django.runner.pool.plan import WorkerPlan
from cdds_django.runner.pool.suite import PooledSuite
from cdds_django.runner.running.execution import SuiteRun
from cdds_django.runner.running.pooling import pooled_suite

_SHOWN = 5
_SHORTEST_ORDER_S = 0.5
"""Each order goes over the network and back."""


class ClusterRun(SuiteRun):
    """See `SuiteRun`. Databases are made where tests run, and so are Django's system checks."""

    _brings_back = True
    """Whether no test finds other rows than those that migrations inserted."""

    def run(self) -> Execution:
        """Find places, run, and let go of them."""
        context = self._context
        address = context.options.cluster
        assert address is not None, "the runner chooses this class by it"
        aliases = self._databases()
        began = time.perf_counter()
        with ExitStack() as stack:
            client = stack.enter_context(connected(address))
            stack.enter_context(_sent_whole(agent, facts))
            tree = context.tree
            tasks = Tasks(client, context.run_id)
            stack.callback(tasks.close)
            places = Places(
                tasks,
                ClientProject.of(tree, is_measured=context.coverage is not None),
                self._host_plan(aliases, tree),
                limit=self._limit(),
                take_ready=self._take_ready,
            )
            stack.callback(places.end_all)
            context.begin_recording()
            places.await_first()
            context.timings.database_s = time.perf_counter() - began
            suite = self._suite_for(places, aliases)
            self._begin_progress(stack)
            result, began_at_s = self._run_tests()
            for finished in finish(places, self._states(suite)):
                self._add_lines(finished.lines, finished.tracers)
                self._note_differing(finished.differing)
            return self._gather(result, began_at_s)

    def _suite_for(self, places: Places, aliases: Mapping[str, bool]) -> PooledSuite:
        suite = pooled_suite(self._context, self._suite, places.limit)
        suite.shortest_order_s = _SHORTEST_ORDER_S
        suite.plan = WorkerPlan(
            run=self._context.run_id,
            forks=ForkPlan(aliases={} if self._brings_back else {a: a for a in aliases}),
            random_seed=settings.random_seed,
        )
        suite.open_workers = lambda plan: ClusterWorkers(places, plan, suite.tests)
        suite.take_lines = self._add_lines
        self._suite, self._processes = suite, suite.processes
        return suite

    def _host_plan(self, aliases: Mapping[str, bool], tree: SourceTree) -> HostPlan:
        inside = [place for place in map(os.path.abspath, sys.path) if _is_below(place, tree.root)]
        # Discovery imports packages too, and what is imported later counts as what a test did.
        loaded = [*self._context.loader.members, *(type(test).__module__ for test in self._tests)]
        return HostPlan(
            run=self._context.run_id,
            worker=0,
            databases=dict(aliases),
            modules=tuple(dict.fromkeys(loaded)),
            path=tuple(os.path.relpath(place, tree.root) for place in inside),
            anew=self._wants_anew(aliases),
            check=True,
        )

    def _take_ready(self, ready: Ready) -> None:
        self._recordings += ready.recordings
        self._brings_back = self._brings_back and ready.brings_back
        self._add_lines(ready.lines, ready.tracers)
        if self._context.coverage is not None:
            self._context.coverage.databases_made |= ready.made_databases

    def _add_lines(self, lines: Measured, tracers: Mapping[str, str]) -> None:
        """Take what was covered elsewhere, where files may lie in another directory."""
        coverage = self._context.coverage
        if coverage is not None:
            coverage.add(
                {
                    owner: {
                        Place(coverage.file(place.file), place.context): points
                        for place, points in found.items()
                    }
                    for owner, found in lines.items()
                },
                {coverage.file(file): name for file, name in tracers.items()},
            )

    def _states(self, suite: PooledSuite) -> Mapping[Dependency, str]:
        """Return the fingerprints here of what tests depended on elsewhere, code aside."""
        session = self._context.recorded
        if session is None:
            return {}
        imports = session.await_imports()
        surroundings = frozenset() if isinstance(imports, str) else imports.surroundings()
        recordings = [*self._recordings, *suite.recordings]
        return session.fingerprints(
            to_compare(
                recordings, surroundings | session.shared_states.keys(), settings.cluster_own
            )
        )

    def _note_differing(self, differing: Dependencies) -> None:
        """Have the map trust no state that a test may have seen otherwise."""
        session = self._context.session
        assert session is not None or not differing
        if session is None or not differing - session.unsettled:
            return
        session.unsettled |= differing
        names = sorted(f"{kind} {key}" for kind, key in differing)
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        print(
            f"Not the same on all machines: {', '.join(names[:_SHOWN])}{more}. The next --delta "
            "runs the tests that depend on it. CDDS['CLUSTER_OWN'] names what may differ.",
            file=sys.stderr,
        )

    def _limit(self) -> int | None:
        asked = self._context.options.parallel
        limits = [n for n in (asked, settings.max_workers) if isinstance(n, int)]
        return min(limits) if limits else None


def _is_below(place: str, root: Path) -> bool:
    return place == str(root) or place.startswith(f"{root}{os.sep}")


@contextmanager
def _sent_whole(*modules: Any) -> Iterator[None]:
    """Have functions of these modules sent as they are, not by their names.

    So Dask's workers need not import this package, of which they may have another version.
    """
    for module in modules:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in modules:
            cloudpickle.unregister_pickle_by_value(module)
