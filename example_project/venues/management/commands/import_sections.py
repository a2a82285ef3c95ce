"""Read a venue's seating plan from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from example_project.venues.models import Venue
from example_project.venues.services import import_sections, read_seating_plan


class Command(BaseCommand):
    help = "Create or update a venue's sections from a CSV file with name, seats and step_free."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("venue", help="the venue's slug")
        parser.add_argument("file", type=Path)

    def handle(self, *, venue: str, file: Path, **options: Any) -> None:
        try:
            found = Venue.objects.get(slug=venue)
        except Venue.DoesNotExist:
            raise CommandError(f"No venue has the slug {venue!r}.") from None
        try:
            count = import_sections(found, read_seating_plan(file))
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"Couldn't import {file}: {error}") from error
        self.stdout.write(
            self.style.SUCCESS(f"{found.name} has {count} sections from {file.name}.")
        )
