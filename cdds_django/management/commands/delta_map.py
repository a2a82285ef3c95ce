"""`manage.py delta_map`: keep impact maps in a storage that machines share."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.errors import CddsError
from cdds_django.runner.shards.storage import MapStorage, storage_named


class Command(BaseCommand):
    help = "Put the impact map into the storage that CDDS['MAP_STORAGE'] names, or get one from it."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="put|get|prune")
        for name, text in (
            ("put", "store the map under a revision"),
            ("get", "get the map of a revision, or of its nearest ancestor that has one"),
        ):
            action = actions.add_parser(name, help=text)
            action.add_argument(
                "--revision", default="HEAD", metavar="REV", help="default: %(default)s"
            )
        prune = actions.add_parser("prune", help="delete all but the maps that were stored last")
        prune.add_argument(
            "--keep", type=int, default=50, metavar="N", help="how many (default: %(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with 2 if something has to be put right."""
        try:
            require_valid_settings()
            maps = MapStorage(
                storage_named(settings.map_storage), settings.root, settings.state_dir
            )
            self.stdout.write(self._done(maps, options))
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error

    def _done(self, maps: MapStorage, options: dict[str, Any]) -> str:
        if options["action"] == "put":
            return f"Stored the impact map of {maps.put(options['revision'])}."
        if options["action"] == "prune":
            return f"Deleted {len(maps.prune(options['keep']))} stored maps."
        commit = maps.get(options["revision"])
        if commit is None:
            return "No map is stored for this revision or any before it; the next run records one."
        return f"Took the impact map of {commit}."
