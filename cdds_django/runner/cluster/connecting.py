"""Reaching a Dask scheduler, and making sure that it and its workers understand us."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from cdds_django.errors import CddsError, ConfigurationError

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_S = 10
_WORKERS_S = 10.0
"""How long a scheduler may be without workers."""
_POLL_S = 0.2
_SAME = ("distributed", "dask", "cloudpickle", "msgpack")
"""Packages whose versions decide whether processes of a cluster understand each other."""


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Yield a client of the scheduler at `address`. Raises CddsError."""
    try:
        import distributed
    except ImportError as error:
        raise ConfigurationError(
            "--cluster needs Dask's distributed: pip install 'cdds-django[cluster]'."
        ) from error
    # What it has to say of a connection that can't be made is said below, once.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise CddsError(
            f"There is no Dask scheduler that can be reached at {address} "
            f"({type(error).__name__}: {error}). Start one with `dask scheduler`, and pass the "
            "address that it prints, as tcp://127.0.0.1:8786."
        ) from error
    try:
        require_workers(client, address)
        require_same_versions(client, address)
        yield client
    finally:
        client.close(timeout=_CONNECT_S)


def require_workers(client: Client, address: str) -> None:
    """Wait for a worker. Raises CddsError where none comes."""
    until_s = time.monotonic() + _WORKERS_S
    while not client.nthreads():
        if time.monotonic() > until_s:
            raise CddsError(
                f"The Dask scheduler at {address} has no workers. Start some with "
                f"`dask worker {address}`."
            )
        time.sleep(_POLL_S)


def require_same_versions(client: Client, address: str) -> None:
    """Raise CddsError where the scheduler or a worker has another version of Dask than we have."""
    found = cast("Mapping[str, Any]", client.get_versions())
    ours = found["client"]["packages"]
    told = _differing("the scheduler", found["scheduler"], ours, ())
    for worker, versions in sorted(found["workers"].items()):
        # Code is sent to workers, so they need the same Python as well.
        told += _differing(f"worker {worker}", versions, ours, ("python",))
    if told:
        raise CddsError(
            f"The Dask cluster at {address} has other versions than this process: "
            f"{'; '.join(told[:5])}. Install the same versions everywhere."
        )


def _differing(
    who: str, versions: Mapping[str, Any] | None, ours: Mapping[str, str], more: tuple[str, ...]
) -> list[str]:
    theirs = (versions or {}).get("packages", {})
    return [
        f"{who} has {name} {_short(theirs.get(name))}, here it is {_short(ours.get(name))}"
        for name in (*more, *_SAME)
        if _short(theirs.get(name)) != _short(ours.get(name))
    ]


def _short(version: str | None) -> str:
    """Return `3.13.0` of `3.13.0.final.0`, as Dask tells Python's version."""
    return ".".join((version or "none").split(".")[:3])
