"""Keeping workers apart in what isn't a database: caches, uploaded files, batch ids."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.test.client import AsyncRequestFactory, RequestFactory
from django.test.utils import override_settings

from cdds_django.impact.patching import all_of, wrap
from cdds_django.runner.isolation.own_keys import clearing_own_keys, is_on_server

BATCH_HEADER = "X-Test-Batch-ID"
BATCH_VARIABLE = "TEST_BATCH_ID"


def isolate(
    worker: int, *, batch: str, directory: Path, with_caches: bool, with_media: bool
) -> Callable[[], None]:
    """Give this process its own batch id and, if asked, its own caches and MEDIA_ROOT.

    Files go into the run's `directory`. Return what undoes it.
    """
    stack = ExitStack()
    _set_variable(stack, BATCH_VARIABLE, batch)
    stack.callback(_send_header(batch))
    changed: dict[str, Any] = {}
    if with_caches:
        changed["CACHES"] = {
            alias: _own_cache(config, batch, directory) for alias, config in settings.CACHES.items()
        }
    if with_media and _is_on_disk(settings):
        changed["MEDIA_ROOT"] = tempfile.mkdtemp(prefix=f"media-{worker}-", dir=directory)
    if changed:
        # Entered last: undone first, so that caches are emptied while they are still these.
        override = override_settings(**changed)
        override.enable()
        stack.callback(override.disable)
        stack.callback(_empty_caches) if with_caches else None
    return stack.close


def batch_id(run: str, worker: int, generation: int = 1) -> str:
    """Return the id of the batches that a worker runs.

    `run` is unique to the test run, and `generation` counts the workers that have had this number.
    """
    return f"{run}-{worker}" if generation == 1 else f"{run}-{worker}-{generation}"


def empty_caches_of(batch: str, *, directory: Path) -> None:
    """Remove what a worker that did not end by itself left in caches on servers."""
    own = {alias: _own_cache(c, batch, directory) for alias, c in settings.CACHES.items()}
    with override_settings(CACHES=own):
        for alias, config in own.items():
            if is_on_server(config["BACKEND"]):
                # A server that can't be reached wasn't used by the worker either.
                with suppress(Exception):
                    caches[alias].clear()


def _set_variable(stack: ExitStack, name: str, value: str) -> None:
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


def _own_cache(config: Mapping[str, Any], batch: str, directory: Path) -> dict[str, Any]:
    own = dict(config)
    backend = str(config.get("BACKEND", ""))
    own["KEY_PREFIX"] = f"{batch}:{config.get('KEY_PREFIX', '')}"
    if backend.endswith("FileBasedCache"):
        own["LOCATION"] = tempfile.mkdtemp(prefix="cache-", dir=directory)
    elif backend.endswith("LocMemCache"):
        own["LOCATION"] = f"{batch}:{config.get('LOCATION', '')}"
    else:
        own["BACKEND"] = clearing_own_keys(backend)
    return own


def _empty_caches() -> None:
    """Leave nothing behind for the next run to read."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


def _is_on_disk(settings: Any) -> bool:
    """Whether MEDIA_ROOT has a say: storages elsewhere have places of their own."""
    default = getattr(settings, "STORAGES", {}).get("default", {})
    return str(default.get("BACKEND", "")).endswith("FileSystemStorage")
