"""How a worker hands over what came of an order: in parts, if that takes long.

What has been handed over is safe if the worker dies, and shows on the terminal.
"""

from __future__ import annotations

import pickle
import time
import unittest
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import Recording
from cdds_django.runner.outcomes.events import WorkerResult
from cdds_django.runner.pool.orders import BatchAnswer
from cdds_django.runner.running.suites import Part

if TYPE_CHECKING:
    from cdds_django.runner.coverage.measuring import Measurement

_PART_S = 3.0
"""How much of its work a death may cost."""


class Outbox:
    """Writes to files and says through a pipe that they are there."""

    def __init__(self, connection: Connection, stem: Path) -> None:
        """`stem` begins the paths of files, which nobody else writes."""
        self._connection = connection
        self._stem = stem
        self._number = 0

    def send(self, content: BatchAnswer | str) -> None:
        """Hand over an answer, or a text that says why the run can't go on."""
        path = self._stem.with_name(f"{self._stem.name}-{self._number}")
        self._number += 1
        path.write_bytes(pickle.dumps(content, pickle.HIGHEST_PROTOCOL))
        self._connection.send_bytes(path.name.encode())


class Reporter(Part):
    """Answers the order that a worker is carrying out."""

    def __init__(
        self,
        outbox: Outbox,
        *,
        worker: int,
        batch_id: str,
        recorder: Recorder | None,
        measurement: Measurement | None,
    ) -> None:
        self._outbox = outbox
        self._worker = worker
        self._batch_id = batch_id
        self._recorder = recorder
        self._measurement = measurement
        self._result = WorkerResult([], bool)
        self._number = 0
        self._told = 0
        self._told_at_s = 0.0

    def begin(self, tests: Sequence[unittest.TestCase], result: WorkerResult) -> None:
        """Take an order's tests, and the result that they report to."""
        self._result = result
        self._number = len(tests)
        self._told = 0
        self._told_at_s = time.monotonic()

    def finished(self, test: Any, result: Any) -> None:
        if time.monotonic() - self._told_at_s > _PART_S:
            self._tell(self._result.place_of(test) + 1, is_last=False)

    def end(self) -> None:
        """Say the rest."""
        self._tell(self._number, is_last=True)

    def _tell(self, done: int, *, is_last: bool) -> None:
        measurement = self._measurement
        answer = BatchAnswer(
            worker=self._worker,
            batch_id=self._batch_id,
            first=self._told,
            done=done,
            is_last=is_last,
            events=tuple(self._result.take_events()),
            recording=self._recorder.hand_over() if self._recorder is not None else Recording(),
            lines=measurement.hand_over() if measurement is not None else {},
            tracers=measurement.tracers if measurement is not None else {},
        )
        self._outbox.send(answer)
        self._told = done
        self._told_at_s = time.monotonic()
