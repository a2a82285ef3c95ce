"""Places where events happen, and the sections their seats are in."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from example_project.slugs import unique_slug
from example_project.venues.validators import validate_image_size, validate_postcode


class VenueQuerySet(models.QuerySet):
    def open(self) -> "VenueQuerySet":
        return self.filter(is_open=True)

    def with_seat_count(self) -> "VenueQuerySet":
        """Annotate ``seat_count``, the seats of all sections."""
        return self.annotate(seat_count=Coalesce(models.Sum("sections__seats"), 0))


class Venue(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True, blank=True)
    city = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True, validators=[validate_postcode])
    capacity = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    is_open = models.BooleanField(default=True)
    image = models.ImageField(upload_to="venues/", blank=True, validators=[validate_image_size])
    created_at = models.DateTimeField(auto_now_add=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gt=0), name="venue_capacity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = unique_slug(self, self.name)
        super().save(*args, **kwargs)

    @property
    def unassigned_capacity(self) -> int:
        """Places that no section has; standing room, or seats still to be entered."""
        return self.capacity - sum(section.seats for section in self.sections.all())


class Section(models.Model):
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(max_length=60)
    seats = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    has_step_free_access = models.BooleanField(default=False)

    class Meta:
        ordering = ["venue_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["venue", "name"], name="section_name_once_per_venue"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.venue.name})"
