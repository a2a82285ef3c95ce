"""What a worker is told before it begins."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.db import connections

from cdds_django.impact.code.tree import SourceTree
from cdds_django.runner.databases.forks import ForkPlan
from cdds_django.runner.progress.workers_output import OutputPlan

if TYPE_CHECKING:
    from cdds_django.runner.coverage.measuring import MeasurementPlan


@dataclass(frozen=True, kw_only=True)
class WorkerPlan:
    """All that a worker needs to know. Picklable, for start methods other than fork."""

    run: str
    """Unique to the test run."""
    forks: ForkPlan
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
    coverage: MeasurementPlan | None = None
    faulthandler: bool = False
    """Whether a process that crashes writes down where it was."""
    time_limit_s: float | None = None
    """How long a test, or a fixture of a class or module, may take."""
    random_seed: int | None = None
    """What random numbers are seeded by before each test, if they are."""
    check_leftovers: bool = False
    output: OutputPlan | None = None
    """Where to print to, if not to where the parent does."""
    directory: Path = Path()
    """Of the run, which removes it: for the board and for temporary files."""


def database_state(aliases: Mapping[str, bool]) -> dict[str, Any]:
    """Return what workers that aren't forked can't find in their memory.

    `aliases` says which databases are used, and whether their content was serialized.
    """
    if multiprocessing.get_start_method() == "fork":
        return {}
    return {
        "initial_settings": {alias: connections[alias].settings_dict for alias in connections},
        "serialized_contents": {
            alias: cast(Any, connections[alias])._test_serialized_contents
            for alias, serialize in aliases.items()
            if serialize and hasattr(connections[alias], "_test_serialized_contents")
        },
    }
