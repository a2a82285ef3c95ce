"""One run's coverage: from before discovery to the report."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

import coverage

from cdds_django.runner.coverage.gathering import Gathering, remove
from cdds_django.runner.coverage.measuring import MeasurementPlan


class CoverageSession(Gathering):
    """Measures this process, and gathers what its workers measured."""

    def __init__(self, *, root: Path, state_dir: Path, is_reported: bool) -> None:
        """Measure from now on, in place of the `coverage run` that started this process.

        `is_reported` says whether the run reports; otherwise that is left to who started it.
        """
        measured = coverage.Coverage.current()
        assert measured is not None, "only measured processes have a session"
        self._is_reported = is_reported
        self._directory = Path(tempfile.mkdtemp(prefix="cdds-coverage-"))
        plan = MeasurementPlan.like(measured, self._directory)
        super().__init__(measured, plan, root=root, state_dir=state_dir)
        self.measurement = plan.start("parent")

    def end(self) -> None:
        """End the measurement."""
        self.add(self.measurement.stop(), self.measurement.tracers)

    def finish(self) -> None:
        """End the measurement and join all lines. Raises StateFileError as `Gathering.finish`."""
        self.end()
        super().finish()
        if not self._is_reported:
            self._whole.start()  # What comes after the tests is measured as well.

    def close(self) -> None:
        """End the measurement, whatever became of the run."""
        self.measurement.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _remove_strays(self, base: Path) -> None:
        # Where coverage.py starts itself in each process, all that it saw of workers is known.
        pids = [directory.name for directory in self._directory.iterdir()]
        atexit.register(remove, base.parent, [f"{base.name}.*pid{pid}.*" for pid in pids])
