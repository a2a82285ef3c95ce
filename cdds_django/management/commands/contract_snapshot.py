"""`manage.py contract_snapshot`: write what the API promises, or check what is committed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdds_django.conf import settings
from cdds_django.contract.diff import diff
from cdds_django.contract.formats import plain
from cdds_django.contract.report import report_of
from cdds_django.contract.schema import build_schema
from cdds_django.contract.snapshot import read_snapshot, snapshot_of, write_snapshot
from cdds_django.contract.snapshot_rows import Snapshot
from cdds_django.errors import CddsError


class Command(BaseCommand):
    help = "Write the contract snapshot: what every operation of the API promises, with hashes."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--output", metavar="FILE", help="the snapshot (default: the setting CDDS['SNAPSHOT'])"
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; exit 1 and list the changes if the file is not what the code says",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["output"]) if options["output"] else settings.snapshot
        try:
            schema = build_schema()
            snapshot = snapshot_of(schema.document, "The project's schema")
            self._warn([*schema.warnings, *snapshot.warnings], options["verbosity"])
            if options["check"]:
                self._check(path, snapshot)
            else:
                write_snapshot(path, snapshot)
                self.stdout.write(f"Wrote {path}: {len(snapshot.operations)} operations.")
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error

    def _check(self, path: Path, snapshot: Snapshot) -> None:
        changes = diff(read_snapshot(path), snapshot)
        if changes.changes:
            self.stdout.write(plain.rendered([report_of(changes)]))
            self.stdout.write(f"{path} is not what the code says. Run: manage.py contract_snapshot")
            sys.exit(1)
        self.stdout.write(f"{path} is up to date: {len(snapshot.operations)} operations.")

    def _warn(self, warnings: list[str], verbosity: int) -> None:
        if verbosity > 1:
            for warning in warnings:
                self.stderr.write(warning)
        elif warnings and verbosity:
            self.stderr.write(
                f"The schema has {len(warnings)} warnings, where parts of it are guessed; "
                "-v 2 lists them."
            )
