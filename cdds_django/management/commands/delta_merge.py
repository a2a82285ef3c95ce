"""`manage.py delta_merge`: put the shards of a run together."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.errors import CddsError
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.reports import drift, github, summary
from cdds_django.runner.reports.files import ReportFiles, add_report_arguments
from cdds_django.runner.reports.operations import with_operations
from cdds_django.runner.shards.merging import remove
from cdds_django.runner.shards.together import Together, put_together


class Command(BaseCommand):
    help = "Put the shards of a test run (test --shard I/N) together: map, coverage and reports."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "places",
            nargs="+",
            type=Path,
            metavar="DIR",
            help="where shards were left, in any order: directories, searched through, or files",
        )
        add_report_arguments(parser)
        parser.add_argument("--coverage-html", metavar="DIR", help="write coverage as HTML")
        parser.add_argument("--coverage-xml", metavar="FILE", help="write coverage as XML")
        parser.add_argument(
            "--prune", action="store_true", help="remove the shards' files when all is written"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with 1 if a test failed, with 2 if something has to be put right."""
        try:
            require_valid_settings()
            files = ReportFiles.asked_for(options)
            files.require_writable()
            together = put_together(options["places"], settings, compare=files.any)
            complaint = self._report(together, files, options)
            if options["prune"]:
                remove(together.artefacts)
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error
        snapshot = os.path.relpath(settings.snapshot)
        for line in drift.lines(together.outcome, snapshot):
            self.stdout.write(line)
        for line in summary.closing(together.outcome):
            self.stdout.write(line)
        if together.failures:
            sys.exit(1)
        if complaint is not None:
            raise CommandError(complaint, returncode=2)

    def _report(
        self, together: Together, files: ReportFiles, options: dict[str, Any]
    ) -> str | None:
        """Print and write all but the last lines; return what is to be told of coverage."""
        outcome = together.outcome
        lines = [f"Merged {len(together.artefacts)} shards."]
        if not together.is_recorded:
            lines.append("They recorded nothing; the impact map stays as it is.")
        for line in (*lines, *summary.opening(outcome)):
            self.stdout.write(line)
        complaint = None
        if together.coverage is not None:
            covered, complaint = together.coverage.report(
                html=options["coverage_html"], xml=options["coverage_xml"]
            )
            outcome = replace(outcome, coverage=covered)
        if files.show_operations:
            outcome = with_operations(outcome, settings.state_dir, ContractView(settings.snapshot))
        files.write(outcome)
        if settings.github if options["github"] is None else options["github"]:
            # The shards have made the annotations.
            for line in github.write_summary(outcome, os.environ):
                self.stdout.write(line)
        return complaint
