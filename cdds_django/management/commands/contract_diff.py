"""`manage.py contract_diff`: what changed between two contracts, and what it breaks."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdds_django.conf import settings
from cdds_django.contract.changes import Diff
from cdds_django.contract.diff import diff
from cdds_django.contract.formats.catalogue import FORMATS
from cdds_django.contract.snapshot import read_snapshot
from cdds_django.contract.sources import snapshot_at, snapshot_of_project
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
            "--format", choices=list(FORMATS), default="text", help="default: %(default)s"
        )
        parser.add_argument(
            "--fail-on",
            choices=["breaking", "any", "none"],
            default="breaking",
            help="the changes to exit 1 for (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self._diff(options["base"], options["head"])
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(FORMATS[options["format"]](found), ending="")
        if _fails(found, options["fail_on"]):
            sys.exit(1)

    def _diff(self, base: str | None, head: str | None) -> Diff:
        default = settings.snapshot
        old = snapshot_at(base, default) if base else read_snapshot(default)
        new = snapshot_at(head, default) if head else snapshot_of_project()
        for warning in (*old.warnings, *new.warnings):
            self.stderr.write(warning)
        return diff(old, new)


def _fails(found: Diff, fail_on: str) -> bool:
    return {"breaking": found.breaking, "any": bool(found.changes), "none": False}[fail_on]
