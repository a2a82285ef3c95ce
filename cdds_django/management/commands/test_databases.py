"""`manage.py test_databases`: list the test databases that were made and kept, or remove them."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.errors import CddsError
from cdds_django.runner.databases.inventory import listed, prune
from cdds_django.runner.databases.templates import Listed


class Command(BaseCommand):
    help = "List the test databases that this project's test runs made and kept, or remove them."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--prune",
            action="store_true",
            help="remove what no run uses: forks, what a run that died left, and templates beyond "
            "the setting CDDS['MAX_TEMPLATES']",
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help="with --prune: remove all templates, too, but those that a run uses now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"] and not options["prune"]:
            raise CommandError("--all goes with --prune; pass both.", returncode=2)
        try:
            require_valid_settings()
            if options["prune"]:
                self._prune(everything=options["all"])
            else:
                self._list()
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error

    def _list(self) -> None:
        found = list(
            listed(connections, state_dir=settings.state_dir, limit=settings.max_templates)
        )
        for alias, one in found:
            self.stdout.write(f"{alias}  {one.name}  {_told(one)}")
        if not found:
            self.stdout.write("There are no test databases of this project.")

    def _prune(self, *, everything: bool) -> None:
        removed = 0
        for alias, name in prune(
            connections,
            state_dir=settings.state_dir,
            limit=settings.max_templates,
            everything=everything,
        ):
            removed += 1
            self.stdout.write(f"{alias}  {name}  removed")
        self.stdout.write(f"Removed {removed}.")


def _told(one: Listed) -> str:
    words = [one.kind]
    if one.size:
        words.append(f"{one.size / 1_000_000:.1f} MB")
    if one.used_at:
        words.append(time.strftime("used %Y-%m-%d %H:%M", time.localtime(one.used_at)))
    if one.is_in_use:
        words.append("in use")
    return ", ".join(words)
