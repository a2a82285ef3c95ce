"""Annotations for GitHub Actions: one workflow command for each cause."""

from __future__ import annotations

from collections.abc import Sequence

from cdds_django.contract.causes import Cause
from cdds_django.contract.formats.words import origin_line, reach
from cdds_django.contract.report import Report
from cdds_django.workflow_commands import annotation

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def rendered(reports: Sequence[Report]) -> str:
    """Return a line for each cause, nothing when there is none."""
    return "".join(_line(cause, report) for report in reports for cause in report.causes)


def _line(cause: Cause, report: Report) -> str:
    origin = origin_line(cause)
    service = f"{report.title}: " if report.title else ""
    message = f"{service}{cause.text}, in {cause.place}{f', made by {origin}' if origin else ''}"
    if cause.approved:
        message += f"; approved: {cause.approved}"
    level = "notice" if cause.approved else _LEVELS[cause.level]
    message = f"{message}; {reach(cause.operations)}"
    return f"{annotation(level, message, title=cause.changes[0].id)}\n"
