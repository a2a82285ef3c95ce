"""Dask's tasks, each bound to one worker, and what became of them."""

from __future__ import annotations

import contextlib
import itertools
import queue
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from cdds_django.errors import CddsError

if TYPE_CHECKING:
    from distributed import Client, Future

_FETCHED_AT_ONCE = 8
_RESULT_S = 3.0
"""How long fetching an answer may take before it is looked whether its worker is still there."""


class Tasks:
    """Those of one run."""

    def __init__(self, client: Client, run: str) -> None:
        self._client = client
        self.run = run
        self._numbers = itertools.count(1)
        self._done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self._outcomes: dict[Future[Any], Any] = {}
        """What tasks brought that have ended, or the error that they ended with."""
        # Each takes two messages there and back; one after the other they would be the bottleneck.
        self._fetching = ThreadPoolExecutor(_FETCHED_AT_ONCE, thread_name_prefix="cdds-fetch")

    def close(self) -> None:
        """Fetch nothing any more."""
        self._fetching.shutdown(wait=False, cancel_futures=True)

    def submit(
        self, function: Any, *arguments: Any, task: str, address: str, stays: bool = False
    ) -> Future[Any]:
        """Have a worker carry out a function. `task` is what Dask's dashboard shows meanwhile.

        With `stays`, what it returns is for other tasks there, and isn't fetched.
        """
        future = self._client.submit(
            function,
            *arguments,
            # Dask groups tasks by what stands before the number.
            key=f"{task}-{next(self._numbers)}-{self.run}",
            workers=[address],
            allow_other_workers=False,
            retries=0,
            pure=False,
        )
        if not stays:
            future.add_done_callback(partial(self._ended, address))
        return future

    def finished(self, timeout_s: float) -> list[Future[Any]]:
        """Return what has ended since the last call; wait for the first."""
        found: list[Future[Any]] = []
        try:
            found.append(self._done.get(timeout=timeout_s))
            while True:
                found.append(self._done.get_nowait())
        except queue.Empty:
            return found

    def has_ended(self, future: Future[Any]) -> bool:
        """Whether `result` has something to return."""
        return future in self._outcomes

    def result(self, future: Future[Any]) -> Any:
        """Return what a task brought that has ended, or None where that went with its worker.

        Raises CddsError where it could not be carried out.
        """
        outcome = self._outcomes.pop(future)
        if isinstance(outcome, CddsError):
            raise outcome
        return outcome

    def _ended(self, address: str, future: Future[Any]) -> None:
        with contextlib.suppress(RuntimeError):  # The run is over.
            self._fetching.submit(self._fetch, future, address)

    def _fetch(self, future: Future[Any], address: str) -> None:
        self._outcomes[future] = self._fetched(future, address)
        self._done.put(future)

    def _fetched(self, future: Future[Any], address: str) -> Any:
        from distributed import CancelledError, KilledWorker, TimeoutError

        while True:
            try:
                return future.result(timeout=_RESULT_S)
            except TimeoutError:
                # Dask would wait for ever for that worker to come back.
                if address not in self.present():
                    return None
            except (CancelledError, KilledWorker):
                return None
            except Exception as error:
                return CddsError(f"Dask can't run tests on worker {address}: {error}")

    @property
    def is_cut_off(self) -> bool:
        """Whether the client has given up to reach the scheduler."""
        return self._client.status in ("closing", "closed")

    def present(self) -> Mapping[str, int]:
        """Return how many threads each worker has; nothing where the scheduler can't be asked."""
        if self._client.status != "running":
            return {}  # The client tries to reach it again.
        try:
            found: Mapping[str, int] = self._client.nthreads()
        except OSError:
            return {}
        return found

    def run_everywhere(self, function: Any, *arguments: Any, addresses: Collection[str]) -> None:
        """Have workers carry out a function at once, whatever else they do."""
        if addresses and self._client.status == "running":
            self._client.run(function, *arguments, workers=list(addresses), on_error="ignore")
