"""The reports that go to files: their options, and writing those that were asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdds_django.files import require_writable
from cdds_django.runner.outcomes.outcome import RunOutcome
from cdds_django.runner.reports import json_report, junit, metrics
from cdds_django.runner.reports.html import FILE_NAME as HTML_NAME
from cdds_django.runner.reports.places import Places

OPTIONS = ("report_json", "report_html", "junit_xml", "metrics")


def add_report_arguments(parser: Any) -> None:
    """Add the options to a parser or to a group of one."""
    group: argparse.ArgumentParser = parser
    group.add_argument(
        "--report-json", type=Path, metavar="FILE", help="Write what ran and why as JSON."
    )
    group.add_argument(
        "--report-html",
        type=Path,
        metavar="DIR",
        help="Write what ran and why as a page for people: index.html in DIR, which needs no other "
        "file and no network.",
    )
    group.add_argument(
        "--junit-xml",
        type=Path,
        metavar="FILE",
        help="Write what ran as JUnit's XML, for GitLab, Jenkins and the like.",
    )
    group.add_argument(
        "--metrics",
        type=Path,
        metavar="FILE",
        help="Write the run's numbers as OpenMetrics text, for Prometheus.",
    )
    group.add_argument(
        "--no-github",
        action="store_false",
        dest="github",
        default=None,
        help="In GitHub Actions: no annotations and no step summary.",
    )


@dataclass(frozen=True, kw_only=True)
class ReportFiles:
    """Where each report goes; None where it isn't asked for."""

    report_json: Path | None = None
    report_html: Path | None = None
    """A directory."""
    junit_xml: Path | None = None
    metrics: Path | None = None

    @classmethod
    def asked_for(cls, options: Mapping[str, Any]) -> ReportFiles:
        """Return what a command was given."""
        return cls(**{name: options.get(name) for name in OPTIONS})

    @property
    def any(self) -> bool:
        """Whether any report was asked for."""
        return any(path is not None for path in vars(self).values())

    @property
    def show_operations(self) -> bool:
        """Whether a report shows the operations that each test calls."""
        return self.report_html is not None

    def require_writable(self) -> None:
        """Raise StateFileError now rather than when tests have run."""
        page = self.report_html / HTML_NAME if self.report_html is not None else None
        for path in (self.report_json, page, self.junit_xml, self.metrics):
            if path is not None:
                require_writable(path)

    def write(self, run: RunOutcome) -> None:
        """Write them. Raises StateFileError."""
        if self.report_json is not None:
            json_report.write(self.report_json, run)
        if self.report_html is not None:
            # Imported by runs that write it alone.
            from cdds_django.runner.reports.html import page

            page.write(self.report_html / HTML_NAME, run, sys.argv)
        if self.junit_xml is not None:
            junit.write(self.junit_xml, run, Places(Path.cwd()))
        if self.metrics is not None:
            metrics.write(self.metrics, run)
