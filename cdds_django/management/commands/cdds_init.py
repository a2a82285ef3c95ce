"""`manage.py cdds_init`: `python -m cdds_django.init` for projects that have the app already."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdds_django.errors import CddsError
from cdds_django.init import door


class Command(BaseCommand):
    help = (
        "Put what is missing of cdds_django into the project: settings, coverage, CI, the first "
        "snapshot of the contract. Shows what it would change, and asks."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        door.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with 2 if something has to be put right."""
        try:
            door.run(options, say=self.stdout.write)
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error
