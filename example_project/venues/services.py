"""Operations on venues that are more than one save."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.core.cache import cache
from django.core.files import File
from django.db import transaction
from django.db.models import Count, Sum

from example_project.conf import rule
from example_project.venues.models import Section, Venue

CITIES_CACHE_KEY = "venues:cities"


def cities() -> list[dict[str, object]]:
    """Return each city with its number of open venues and their places; cached."""
    found = cache.get(CITIES_CACHE_KEY)
    if found is None:
        found = list(
            Venue.objects.open()
            .values("city")
            .annotate(venues=Count("id"), capacity=Sum("capacity"))
            .order_by("city")
        )
        cache.set(CITIES_CACHE_KEY, found, rule("CITIES_CACHE_SECONDS"))
    return found


def forget_cities() -> None:
    cache.delete(CITIES_CACHE_KEY)


def replace_image(venue: Venue, image: File) -> None:
    """Store a new picture and delete the old one, which nothing else refers to."""
    old_name = venue.image.name
    venue.image = image
    venue.save(update_fields=["image"])
    if old_name and old_name != venue.image.name:
        venue.image.storage.delete(old_name)


@transaction.atomic
def import_sections(venue: Venue, rows: Iterable[dict[str, str]]) -> int:
    """Create or update sections from rows with ``name``, ``seats`` and ``step_free``."""
    count = 0
    for row in rows:
        Section.objects.update_or_create(
            venue=venue,
            name=row["name"].strip(),
            defaults={
                "seats": int(row["seats"]),
                "has_step_free_access": row.get("step_free", "").strip().lower() == "yes",
            },
        )
        count += 1
    return count


def read_seating_plan(path: Path) -> list[dict[str, str]]:
    """Read a seating plan, a CSV file with a header line."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
