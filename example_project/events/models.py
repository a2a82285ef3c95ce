"""Events, their categories, and the types of ticket that they sell."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from example_project.slugs import unique_slug
from example_project.venues.models import Section, Venue


class Currency(models.TextChoices):
    GBP = "GBP", "Pound sterling"
    EUR = "EUR", "Euro"
    USD = "USD", "US dollar"


class EventStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    CANCELLED = "cancelled", "Cancelled"


class Category(models.Model):
    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class EventQuerySet(models.QuerySet):
    def published(self) -> "EventQuerySet":
        return self.filter(status=EventStatus.PUBLISHED)

    def upcoming(self) -> "EventQuerySet":
        return self.filter(starts_at__gt=timezone.now())

    def visible_to(self, user: Any) -> "EventQuerySet":
        """Everybody sees what is public; organisers their own drafts too, staff everything."""
        if user.is_authenticated and user.is_staff:
            return self
        public = ~Q(status=EventStatus.DRAFT)
        if user.is_authenticated:
            public |= Q(organiser=user)
        return self.filter(public)

    def with_prices(self) -> "EventQuerySet":
        """Annotate ``min_price``, None without tickets. Grouping drops the default ordering."""
        priced = self.annotate(min_price=models.Min("ticket_types__price"))
        return priced.order_by("starts_at", "id")

    def with_sales(self) -> "EventQuerySet":
        """Annotate ``tickets_total`` and ``tickets_taken``. Grouping drops the default ordering."""
        return self.annotate(
            tickets_total=Coalesce(models.Sum("ticket_types__quantity"), 0),
            tickets_taken=Coalesce(models.Sum("ticket_types__taken"), 0),
        ).order_by("starts_at", "id")


class Event(models.Model):
    title = models.CharField(max_length=140)
    slug = models.SlugField(max_length=80, unique=True, blank=True)
    description = models.TextField(blank=True)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="events")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="events")
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="events"
    )
    status = models.CharField(max_length=12, choices=EventStatus.choices, default=EventStatus.DRAFT)
    currency = models.CharField(max_length=3, choices=Currency.choices, default=Currency.GBP)
    doors_open_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(doors_open_at__isnull=True) | Q(doors_open_at__lte=F("starts_at")),
                name="event_doors_before_start",
            ),
        ]
        indexes = [models.Index(fields=["status", "starts_at"])]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = unique_slug(self, self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("event-page", kwargs={"slug": self.slug})

    @property
    def is_on_sale(self) -> bool:
        return self.status == EventStatus.PUBLISHED and self.starts_at > timezone.now()


class TicketType(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="ticket_types")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="ticket_types"
    )
    name = models.CharField(max_length=60)
    price = models.DecimalField(
        max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.00"))]
    )
    quantity = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    taken = models.PositiveIntegerField(default=0, editable=False)
    max_per_order = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["event_id", "-price", "name"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="ticket_type_once_per_event"),
            models.CheckConstraint(
                condition=Q(taken__lte=F("quantity")), name="ticket_type_not_oversold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.event}"

    @property
    def remaining(self) -> int:
        return self.quantity - self.taken

    @property
    def is_sold_out(self) -> bool:
        return self.remaining <= 0
