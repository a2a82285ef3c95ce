"""Measuring coverage in the parent and in workers, and bringing the data together.

Most of a project is imported before a test runner starts. So a run with coverage first replaces its
own process by one in which `coverage run` is there from the beginning.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

import coverage

from cdds_django.errors import ConfigurationError

_MARK = "CDDS_COVERAGE_RUN"


def is_measured() -> bool:
    """Whether this process was started with coverage."""
    return coverage.Coverage.current() is not None


def restart_with_coverage(arguments: Sequence[str]) -> NoReturn:
    """Replace this process by itself, measured. `arguments` are those of `sys.argv`.

    Raises ConfigurationError where that isn't possible.
    """
    if os.environ.get(_MARK) or not os.path.isfile(arguments[0]):
        raise ConfigurationError(
            "Coverage can't be started for this run: it was not started by a script such as "
            "manage.py. Start it with `coverage run` instead of passing --coverage."
        )
    command = [sys.executable, *_interpreter_options(arguments), "-m", "coverage", "run"]
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is not None:  # Started as `python -m django`.
        command += ["-m", spec.name.removesuffix(".__main__"), *arguments[1:]]
    else:
        command += arguments
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, command, {**os.environ, _MARK: "1"})


def _interpreter_options(arguments: Sequence[str]) -> list[str]:
    """Return what was given to Python itself, as `-W error`."""
    given = sys.orig_argv
    if given[len(given) - len(arguments) + 1 :] != list(arguments[1:]):
        return []  # The script changed its arguments.
    before = given[1 : len(given) - len(arguments)]
    return before[:-1] if before[-1:] == ["-m"] else before


class WorkerCoverage:
    """Coverage in a worker: a measurement of its own, in a data file of its own."""

    def __init__(self, measurement: coverage.Coverage) -> None:
        self._measurement = measurement

    @classmethod
    def start(cls, data_file: str) -> WorkerCoverage:
        inherited = coverage.Coverage.current()
        if inherited is not None:
            # A fork: what was measured so far is the parent's to save.
            inherited.stop()
        measurement = coverage.Coverage(data_file=data_file, data_suffix=True)
        measurement.start()
        return cls(measurement)

    def save(self) -> None:
        self._measurement.save()


def workers_data_file(directory: Path) -> str:
    """Return the path in `directory` that workers' data files start with."""
    return str(directory / Path(_current().get_data().base_filename()).name)


def collect(workers: Path) -> None:
    """Join the workers' data in a directory to this process's, and remove the directory.

    From here on this process isn't measured any more.
    """
    current = _current()
    current.stop()
    current.save()
    total = _total()
    parts = [str(workers)] if any(workers.iterdir()) else []
    own = current.get_data().data_filename()
    if own == current.get_data().base_filename():
        total.load()
    else:
        parts.append(own)
    if parts:  # Without any, coverage would take what lies about of other runs.
        total.combine(parts)
        total.save()
    shutil.rmtree(workers, ignore_errors=True)


def report(*, html: str | None, xml: str | None) -> None:
    """Print the report of a run that was collected; write the others asked for."""
    total = _total()
    total.load()
    total.report(file=sys.stdout)
    if html:
        total.html_report(directory=html)
    if xml:
        total.xml_report(outfile=xml)


def _total() -> coverage.Coverage:
    return coverage.Coverage(data_file=_current().get_data().base_filename())


@cache
def _current() -> coverage.Coverage:
    """Return this process's measurement, also when it has been stopped."""
    current = coverage.Coverage.current()
    assert current is not None, "only measured processes ask"
    return current
