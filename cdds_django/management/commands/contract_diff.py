"""`manage.py contract_diff`: what changed between two contracts, and what it breaks."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.contract.approving import approve
from cdds_django.contract.diff import diff
from cdds_django.contract.formats.catalogue import FORMATS, rendered
from cdds_django.contract.git import files_since
from cdds_django.contract.policy import read_policy
from cdds_django.contract.report import Report, report_of
from cdds_django.contract.snapshot import read_snapshot
from cdds_django.contract.snapshot_rows import OperationRow
from cdds_django.contract.sources import project_contract, snapshot_at
from cdds_django.errors import CddsError

_SOURCE = "a snapshot, an OpenAPI JSON or YAML file, or git:REV (the snapshot committed there)"


class Command(BaseCommand):
    help = "Compare two contracts; by default the snapshot file with what the code says."
    # With two files there is nothing of the project to check, and no database to need.
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "base", nargs="?", metavar="BASE", help=f"{_SOURCE}; default: the snapshot file"
        )
        parser.add_argument("head", nargs="?", metavar="HEAD", help="the same; default: the code")
        parser.add_argument(
            "--all",
            action="store_true",
            help="compare the documents of CDDS['UPSTREAMS'] instead, with those that BASE had: "
            "git:REV or a directory (default: git:HEAD)",
        )
        parser.add_argument(
            "--format", choices=list(FORMATS), default="text", help="default: %(default)s"
        )
        parser.add_argument(
            "--fail-on",
            choices=["breaking", "any", "none"],
            default="breaking",
            help="the changes to exit 1 for (default: %(default)s)",
        )

        parser.add_argument(
            "--approve",
            action="append",
            default=[],
            metavar="FINGERPRINT",
            help="write into the policy file that this change is allowed; repeatable, or `all` "
            "for what breaks",
        )
        parser.add_argument("--reason", default="", help="with --approve: why it is allowed")
        parser.add_argument(
            "--expires",
            type=_day,
            metavar="DATE",
            help="with --approve: the last day on which it is allowed, such as 2027-01-31",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_valid_settings()
            reports = self._reports(options)
            if options["approve"]:
                self._approve(reports, options)
                return
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error
        text = rendered(reports, options["format"], colour=self._has_colour(options))
        self.stdout.write(text, ending="")
        if any(_fails(report, options["fail_on"]) for report in reports):
            sys.exit(1)

    def _reports(self, options: dict[str, Any]) -> Sequence[Report]:
        base, head = options["base"], options["head"]
        if options["all"]:
            if head is not None:
                raise CommandError("--all takes one source, the BASE.", returncode=2)
            # Only this joins contract and impact map, and only where it is asked for.
            from cdds_django.runner.contracts.upstreams import upstream_reports

            policy = read_policy(settings.contract_policy)
            labels = {row.operation_id: row.label for row in self._own_operations()}
            return upstream_reports(
                settings.upstreams, base, settings.state_dir, policy, labels, self._warn
            )
        return [self._report(base, head)]

    def _approve(self, reports: Sequence[Report], options: dict[str, Any]) -> None:
        path = settings.contract_policy
        for report in reports:
            changes = approve(
                path, report.diff, options["approve"], options["reason"], options["expires"]
            )
            for change in changes:
                self.stdout.write(f"Approved {change.fingerprint}: {change.text}")
        self.stdout.write(f"Commit {path}.")

    def _own_operations(self) -> Sequence[OperationRow]:
        path = settings.snapshot
        return read_snapshot(path).operations if path.exists() else ()

    def _report(self, base: str | None, head: str | None) -> Report:
        default, today = settings.snapshot, date.today()
        old = snapshot_at(base, default) if base else read_snapshot(default)
        policy = read_policy(settings.contract_policy)
        if head is None:
            new, origins = project_contract()
        else:
            new = snapshot_at(head, default)
        self._warn(*old.warnings, *new.warnings)
        raw = diff(old, new, today)
        found = policy.applied(raw, today)
        self._warn(*policy.warnings(raw, today))
        if head is not None:
            return report_of(found)
        from cdds_django.runner.contracts.contract_report import project_report

        is_new = files_since(base, default)
        return project_report(found, origins, settings.state_dir, is_new, self._warn)

    def _warn(self, *warnings: str) -> None:
        for warning in warnings:
            self.stderr.write(warning)

    def _has_colour(self, options: dict[str, Any]) -> bool:
        if options["no_color"] or "NO_COLOR" in os.environ:
            return False
        return bool(options["force_color"] or self.stdout.isatty())


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        message = f"{written!r} is no date; write it as 2027-01-31"
        raise argparse.ArgumentTypeError(message) from None


def _fails(report: Report, fail_on: str) -> bool:
    changes = report.diff.changes
    return {"breaking": report.diff.breaking, "any": bool(changes), "none": False}[fail_on]
