"""Between a run and its pool: whether there is one, and what its workers are told."""

from __future__ import annotations

import faulthandler
import random
import unittest
from collections.abc import Mapping
from pathlib import Path

from django.db import connections
from django.test.runner import partition_suite_by_case

from cdds_django.conf import settings
from cdds_django.errors import ConfigurationError
from cdds_django.runner.databases.forks import ForkPlan
from cdds_django.runner.pool.plan import WorkerPlan, database_state
from cdds_django.runner.pool.polluter_suite import PolluterSuite
from cdds_django.runner.pool.sizing import can_use_workers, processes_for
from cdds_django.runner.pool.suite import PooledSuite
from cdds_django.runner.running.context import RunContext


def wanted_pool(
    context: RunContext, suite: unittest.TestSuite, aliases: Mapping[str, bool]
) -> PooledSuite | None:
    """Return the tests of `suite` as a suite for a pool, None where this process runs them.

    They use the databases `aliases`. Raises ConfigurationError where only a pool would do and
    there can't be one.
    """
    options = context.options
    allowed = processes_for(
        list(suite),
        aliases,
        asked=options.parallel,
        limit=settings.max_workers,
        durations_s=context.durations_s,
        set_ups_s=context.set_ups_s,
        log=context.runner.log,
    )
    is_possible = can_use_workers(aliases)
    if options.needs_workers and not is_possible:
        raise ConfigurationError(
            "--retries, --repeat and --find-polluter run tests in processes of their own, and "
            "databases of this project can't be copied for these."
        )
    pooled = pooled_suite(context, suite, allowed)
    # Nothing can end a test that can't be interrupted but the end of its process.
    wants_workers = options.needs_workers or options.timeout_s is not None
    return pooled if pooled.processes > 1 or (wants_workers and is_possible) else None


def pooled_suite(context: RunContext, suite: unittest.TestSuite, allowed: int) -> PooledSuite:
    """Return the tests of `suite` as a suite for a pool of at most `allowed` workers."""
    options, runner = context.options, context.runner
    kind = PolluterSuite if options.find_polluter else PooledSuite
    pooled = kind(partition_suite_by_case(suite), allowed)
    pooled.durations_s = context.durations_s
    pooled.keep_order = runner.shuffle is not False or runner.reverse
    pooled.progress = context.progress
    pooled.retries, pooled.rounds = options.retries, options.repeat
    pooled.set_ups_s = context.set_ups_s
    asked = runner.shuffle_seed
    pooled.shuffle_seed = random.randrange(10**9) if asked is None else asked
    if options.repeat > 1:
        runner.log(f"Running {options.repeat} times, shuffled by seed {pooled.shuffle_seed}.")
    pooled.processes = max(min(allowed, len(pooled.orders())), 1)
    return pooled


def worker_plan(
    context: RunContext, forks: ForkPlan, aliases: Mapping[str, bool], directory: Path
) -> WorkerPlan:
    """Return what workers on this machine are told. `directory` is the run's own."""
    runner, options, coverage = context.runner, context.options, context.coverage
    # System checks may have connected; the first worker's database is this process's, too.
    connections.close_all()
    return WorkerPlan(
        run=context.run_id,
        directory=directory,
        forks=forks,
        debug_mode=runner.debug_mode,
        # With retries, the parent alone knows whether a test has failed.
        failfast=runner.failfast and not (options.retries or options.find_polluter),
        buffer=runner.buffer,
        tree=context.recorded.tree if context.recorded is not None else None,
        fast_hasher=settings.fast_hasher,
        isolate_caches=settings.isolate_caches,
        isolate_media=settings.isolate_media,
        coverage=coverage.plan if coverage is not None else None,
        time_limit_s=options.timeout_s,
        check_leftovers=options.check_leftovers,
        random_seed=settings.random_seed,
        output=context.progress.output_plan(directory),
        faulthandler=faulthandler.is_enabled(),
        **database_state(aliases),
    )
