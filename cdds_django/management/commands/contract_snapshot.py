"""`manage.py contract_snapshot`: write what the API promises, or check what is committed."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.contract.build import documents_of
from cdds_django.contract.diff import diff
from cdds_django.contract.formats import plain
from cdds_django.contract.report import report_of
from cdds_django.contract.schema import ProjectSchema, build_schema
from cdds_django.contract.snapshot import read_snapshot, snapshot_of, write_snapshot
from cdds_django.contract.snapshot_rows import Snapshot
from cdds_django.contract.stability import SEEDS, unstable_places
from cdds_django.errors import CddsError


class Command(BaseCommand):
    help = "Write the contract snapshot: what every operation of the API promises, with hashes."
    # Checking a project of 400 models takes a tenth of the time that its schema takes.
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--output", metavar="FILE", help="the snapshot (default: the setting CDDS['SNAPSHOT'])"
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; exit 1 and list the changes if the file is not what the code says",
        )
        parser.add_argument(
            "--verify-stable",
            action="store_true",
            help="build the schema twice more under different hash seeds first; exit 1 and name "
            "the places that differ (with --check, done wherever the variable CI is set)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["output"]) if options["output"] else settings.snapshot
        try:
            require_valid_settings()
            schema = build_schema()
            snapshot = snapshot_of(schema.document, "The project's schema")
            self._warn([*schema.warnings, *snapshot.warnings], options["verbosity"])
            if options["verify_stable"] or (options["check"] and _on_ci()):
                self._verify(schema)
            if options["check"]:
                self._check(path, snapshot)
            else:
                write_snapshot(path, snapshot)
                self.stdout.write(f"Wrote {path}: {len(snapshot.operations)} operations.")
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error

    def _verify(self, schema: ProjectSchema) -> None:
        first, second = documents_of(SEEDS, settings.root)
        places = unstable_places(first, second, schema.origins)
        for place in places:
            self.stderr.write(str(place))
        changed = diff(snapshot_of(first), snapshot_of(second)).changes
        if changed:
            self.stderr.write(
                "The schema is not the same each time it is built, so neither is the snapshot. "
                "Give these places fixed values: choices in a list, not a set; defaults that are "
                "functions, not what they return; operationIds of their own."
            )
            sys.exit(1)
        if places:
            self.stderr.write(
                "The schema is written in another order each time. The snapshot isn't affected."
            )

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


def _on_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
