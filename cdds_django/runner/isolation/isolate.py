"""All that keeps a worker apart from others, and from other runs, besides its databases."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from cdds_django.runner.isolation.batches import tell_batch
from cdds_django.runner.isolation.caches import isolate_caches
from cdds_django.runner.isolation.files import isolate_files
from cdds_django.runner.isolation.ports import yield_taken_ports


def isolate(
    worker: int, *, batch: str, directory: Path, with_caches: bool, with_files: bool
) -> Callable[[], None]:
    """Give this process its own batch id and, if asked, its own caches and directories.

    Files go into the run's `directory`. Return what undoes it.
    """
    stack = ExitStack()
    tell_batch(stack, batch)
    stack.callback(yield_taken_ports())
    if with_files:
        isolate_files(stack, worker, directory)
    if with_caches:
        isolate_caches(stack, batch, directory)
    return stack.close
