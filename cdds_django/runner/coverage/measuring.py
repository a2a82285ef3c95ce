"""Measuring a process scope by scope: what was covered since the last scope began.

coverage.py's own way to tell stretches of a run apart, dynamic contexts, excludes its fastest core.
So here its data file is emptied whenever a scope ends. The file's tables are documented
(https://coverage.readthedocs.io/en/latest/dbschema.html).
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coverage
from coverage.exceptions import ConfigError
from coverage.numbits import numbits_to_nums

from cdds_django.errors import ConfigurationError
from cdds_django.runner.coverage import owners
from cdds_django.runner.coverage.points import ARC_SQL, Lines, Place, joined

_SCHEMA = 7
_SIDE_EFFECTS = ["already-imported", "module-not-measured", "module-not-imported"]
_OPTIONS = (
    "branch",
    "concurrency",
    "context",
    "core",
    "cover_pylib",
    "dynamic_context",
    "include",
    "omit",
    "patch",
    "plugins",
    "relative_files",
    "source",
    "source_dirs",
    "source_pkgs",
    "timid",
)


@dataclass(frozen=True, kw_only=True)
class MeasurementPlan:
    """How to measure as another process does. Picklable."""

    directory: Path
    """Of the run: where data files of processes lie."""
    config_file: str | None
    options: Mapping[str, Any]

    @classmethod
    def like(cls, measurement: coverage.Coverage, directory: Path) -> MeasurementPlan:
        """Plan to measure what `measurement` does, whatever options it was given."""
        options = {}
        for name in _OPTIONS:
            try:
                options[f"run:{name}"] = measurement.get_option(f"run:{name}")
            except ConfigError:
                continue  # Later versions of coverage.py have more.
        return cls(directory=directory, config_file=measurement.config.config_file, options=options)

    def start(self, name: str) -> Measurement:
        """Measure this process, alone. `name` is unique to it among the run's processes."""
        return Measurement.start(self, name)


class Measurement:
    """The measurement of this process, from `start` on."""

    def __init__(self, measurement: coverage.Coverage, directory: Path) -> None:
        self._measurement = measurement
        self._directory = directory
        self._owner = ""
        self._found: dict[str, list[Lines]] = {}
        self.tracers: dict[str, str] = {}
        """The plug-in that measured a file, by the file's path, where one did."""

    @classmethod
    def start(cls, plan: MeasurementPlan, name: str) -> Measurement:
        """See `MeasurementPlan.start`."""
        stop_inherited()
        directory = plan.directory / name
        directory.mkdir(parents=True, exist_ok=True)
        measurement = coverage.Coverage(
            data_file=str(directory / "data"),
            data_suffix=False,
            config_file=plan.config_file or False,
        )
        for option, value in plan.options.items():
            measurement.set_option(option, value)
        measurement.set_option("run:disable_warnings", [*_SIDE_EFFECTS, "no-data-collected"])
        measurement.start()
        return cls(measurement, directory)

    def enter(self, owner: str) -> None:
        """Have what runs from now on belong to `owner`."""
        if owner != self._owner:
            self._take()
            self._owner = owner
            self._found.setdefault(owner, [])

    def enter_imports(self) -> None:
        """As `enter`, for loading test modules."""
        self.enter(owners.IMPORTS)

    def leave(self) -> None:
        """As `enter`, for what every run does."""
        self.enter(owners.ELSE)

    def hand_over(self) -> dict[str, Lines]:
        """Return what was covered since the last call, by owner; nothing where that is nothing."""
        self._take()
        found, self._found = self._found, {}
        return {
            owner: {place: frozenset(points) for place, points in joined(parts).items()}
            for owner, parts in found.items()
        }

    def stop(self) -> dict[str, Lines]:
        """End the measurement; return what `hand_over` would."""
        self._measurement.stop()
        return self.hand_over()

    def _take(self) -> None:
        parts = [self._own_lines(), *self._lines_of_other_processes()]
        if lines := [part for part in parts if part]:
            self._found.setdefault(self._owner, []).extend(lines)

    def _own_lines(self) -> Lines:
        filename = self._measurement.get_data().data_filename()
        with _data(filename) as connection:
            lines = _lines(connection)
            self.tracers.update(
                connection.execute(
                    "SELECT path, tracer FROM tracer JOIN file ON file.id = file_id"
                ).fetchall()
            )
            if lines:
                connection.execute("DELETE FROM arc")
                connection.execute("DELETE FROM line_bits")
        _listen_again()
        return lines

    def _lines_of_other_processes(self) -> Iterator[Lines]:
        """Yield what processes covered that tests started, where coverage.py measures them."""
        for path in self._directory.glob("data.*"):
            with _data(str(path)) as connection:
                yield _lines(connection)
            path.unlink()


def lines_of(data: coverage.CoverageData) -> Lines:
    """Return all that is in a data file."""
    with _data(data.data_filename()) as connection:
        return _lines(connection)


def stop_inherited() -> None:
    """Stop what a fork inherited: what was measured so far is the parent's to save."""
    inherited = coverage.Coverage.current()
    if inherited is not None:
        silence(inherited)
        inherited.stop()


def silence(measurement: coverage.Coverage) -> None:
    """Have a measurement say nothing of what it isn't to measure any more."""
    said = measurement.get_option("run:disable_warnings")
    slugs = [*said] if isinstance(said, list) else []
    measurement.set_option("run:disable_warnings", [*slugs, "no-data-collected"])


@contextmanager
def _data(filename: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(filename, isolation_level=None)) as connection:
        try:
            ((version,),) = connection.execute("SELECT version FROM coverage_schema").fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            # Nothing was measured yet.
            connection.close()
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
                empty.executescript(_NOTHING)
                yield empty
            return
        if version != _SCHEMA:
            raise ConfigurationError(
                f"coverage {coverage.__version__} writes data of schema {version}, which this "
                f"version of cdds_django can't read by class; it reads schema {_SCHEMA}. Run "
                "without --coverage, or install another version of coverage."
            )
        yield connection


_NOTHING = """
CREATE TABLE file (id, path); CREATE TABLE context (id, context);
CREATE TABLE arc (file_id, context_id, fromno, tono);
CREATE TABLE line_bits (file_id, context_id, numbits); CREATE TABLE tracer (file_id, tracer);
"""


def _lines(connection: sqlite3.Connection) -> Lines:
    files: dict[int, str] = dict(connection.execute("SELECT id, path FROM file").fetchall())
    contexts = dict(connection.execute("SELECT id, context FROM context").fetchall())
    found: dict[tuple[int, int], set[int]] = {}
    for file, context, point in connection.execute(
        f"SELECT file_id, context_id, {ARC_SQL} FROM arc"
    ):
        found.setdefault((file, context), set()).add(point)
    bits: Sequence[tuple[int, int, bytes]] = connection.execute(
        "SELECT file_id, context_id, numbits FROM line_bits"
    ).fetchall()
    for file, context, numbits in bits:
        found.setdefault((file, context), set()).update(numbits_to_nums(numbits))
    return {
        Place(files[file], contexts[context]): frozenset(points)
        for (file, context), points in found.items()
    }


def _listen_again() -> None:
    """Have coverage.py hear again of lines that it was told of already.

    Its core for `sys.monitoring` (PEP 669) is switched off at each line after the first hit.
    """
    if sys.version_info >= (3, 12):
        tools = (sys.monitoring.get_tool(tool) for tool in range(6))
        if "coverage.py" in tools:
            sys.monitoring.restart_events()
