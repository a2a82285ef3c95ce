"""The data file of a whole run, and the reports made from it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import coverage
from coverage.exceptions import CoverageException
from coverage.results import should_fail_under

from cdds_django.runner.coverage.points import Lines, ends


def add(
    data: coverage.CoverageData, lines: Lines, tracers: Mapping[str, str], *, branch: bool
) -> None:
    """Add lines to a measurement's data. `tracers` are plug-ins that measured files, by file."""
    by_context: dict[str, dict[str, frozenset[int]]] = {}
    for place, points in lines.items():
        by_context.setdefault(place.context, {})[place.file] = points
    for context, files in by_context.items():
        data.set_context(context)
        if branch:
            data.add_arcs({file: [ends(point) for point in found] for file, found in files.items()})
        else:
            data.add_lines(files)
    measured = data.measured_files()
    data.add_file_tracers({file: name for file, name in tracers.items() if file in measured})


def write(data: coverage.CoverageData, path: Path) -> None:
    """Write a copy of `data` in place of what `path` holds."""
    temporary = path.with_name(f"{path.name}.cdds{os.getpid()}")
    copy = coverage.CoverageData(basename=str(temporary))
    copy.update(data)
    copy.close()
    temporary.replace(path)


def report(
    total: coverage.Coverage, *, html: str | None, xml: str | None
) -> tuple[float | None, str | None]:
    """Print the report; write the others asked for.

    Return how many percent are covered, None where that can't be told; and what to say where
    reports can't be made, or where less is covered than the project's `fail_under` asks for.
    """
    percent: float | None = None
    try:
        total.load()
        percent = total.report(file=sys.stdout)
        if html:
            total.html_report(directory=html)
        if xml:
            total.xml_report(outfile=xml)
        least = float(str(total.get_option("report:fail_under") or 0))
        precision = int(str(total.get_option("report:precision") or 0))
        if should_fail_under(percent, least, precision):
            less = f"{percent:.{max(precision, 2)}f}% is covered, less than fail_under = {least:g}."
            return percent, less
    except CoverageException as error:
        return percent, f"Coverage can't be reported: {error}"
    return percent, None
