"""Annotations for GitHub Actions: one workflow command for each cause."""

from __future__ import annotations

from collections.abc import Sequence

from cdds_django.contract.causes import Cause
from cdds_django.contract.formats.words import origin_line, reach
from cdds_django.contract.report import Report

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def rendered(reports: Sequence[Report]) -> str:
    """Return a line for each cause, nothing when there is none."""
    return "".join(_line(cause, report) for report in reports for cause in report.causes)


def _line(cause: Cause, report: Report) -> str:
    title = _escaped(cause.changes[0].id).replace(":", "%3A").replace(",", "%2C")
    origin = origin_line(cause)
    service = f"{report.title}: " if report.title else ""
    message = f"{service}{cause.text}, in {cause.place}{f', made by {origin}' if origin else ''}"
    if cause.approved:
        message += f"; approved: {cause.approved}"
    command = "notice" if cause.approved else _COMMANDS[cause.level]
    return f"::{command} title={title}::{_escaped(f'{message}; {reach(cause.operations)}')}\n"


def _escaped(text: str) -> str:
    """Escape as the toolkit of GitHub Actions does (its core/src/command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
