"""The id by which servers outside tell workers apart."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.test.client import AsyncRequestFactory, RequestFactory

from cdds_django.impact.recording.patching import all_of, wrap

BATCH_HEADER = "X-Test-Batch-ID"
BATCH_VARIABLE = "TEST_BATCH_ID"


def batch_id(run: str, worker: int, generation: int = 1) -> str:
    """Return the id of the batches that a worker runs.

    `run` is unique to the test run, and `generation` counts the workers that have had this number.
    """
    return f"{run}-{worker}" if generation == 1 else f"{run}-{worker}-{generation}"


def tell_batch(stack: ExitStack, batch: str) -> None:
    """Put the id into the environment, and have test clients send it, until `stack` is closed."""
    set_variable(stack, BATCH_VARIABLE, batch)
    stack.callback(_send_header(batch))


def set_variable(stack: ExitStack, name: str, value: str) -> None:
    """Set a variable of the environment until `stack` is closed."""
    before = os.environ.get(name)
    os.environ[name] = value
    stack.callback(
        lambda: os.environ.pop(name, None) if before is None else os.environ.update({name: before})
    )


def _send_header(batch: str) -> Callable[[], None]:
    """Have Django's test clients, and DRF's, which derive from them, send the batch id."""
    variable = f"HTTP_{BATCH_HEADER.upper().replace('-', '_')}"

    def base_environ(original: Any, factory: RequestFactory, **request: Any) -> Any:
        return {variable: batch, **original(factory, **request)}

    def base_scope(original: Any, factory: AsyncRequestFactory, **request: Any) -> Any:
        scope = original(factory, **request)
        header = (BATCH_HEADER.lower().encode(), batch.encode())
        return {**scope, "headers": [header, *scope.get("headers", ())]}

    undo = [
        wrap(RequestFactory, "_base_environ", base_environ),
        wrap(AsyncRequestFactory, "_base_scope", base_scope),
    ]
    return all_of(undo)
