"""Operations on events that are more than one save."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from example_project.events.models import Event, EventStatus
from example_project.events.signals import event_cancelled
from example_project.exceptions import TransitionError


@transaction.atomic
def publish_event(event: Event) -> Event:
    """Put a draft on sale; it needs something to sell and a start in the future."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.status != EventStatus.DRAFT:
        raise TransitionError(f"A {event.status} event can't be published.")
    if event.starts_at <= timezone.now():
        raise TransitionError("The event has started already.")
    if not event.ticket_types.exists():
        raise TransitionError("The event has no tickets to sell.")
    event.status = EventStatus.PUBLISHED
    event.published_at = timezone.now()
    event.save(update_fields=["status", "published_at"])
    return event


@transaction.atomic
def cancel_event(event: Event, *, reason: str = "") -> Event:
    """Take the event off sale for good, and tell whoever listens once that is certain."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.status == EventStatus.CANCELLED:
        raise TransitionError("The event is cancelled already.")
    event.status = EventStatus.CANCELLED
    event.save(update_fields=["status"])
    transaction.on_commit(lambda: event_cancelled.send(sender=Event, event=event, reason=reason))
    return event


@transaction.atomic
def duplicate_event(event: Event, *, organiser: object, starts_at: object) -> Event:
    """Copy an event with its ticket types to a new date, as a draft with nothing sold."""
    copy = Event.objects.create(
        title=event.title,
        description=event.description,
        venue=event.venue,
        category=event.category,
        organiser=organiser,
        currency=event.currency,
        starts_at=starts_at,
    )
    for ticket_type in event.ticket_types.all():
        ticket_type.pk = None
        ticket_type._state.adding = True
        ticket_type.event = copy
        ticket_type.taken = 0
        ticket_type.save()
    return copy


def upcoming_events(*, days: str | int = 7, limit: int = 10) -> QuerySet[Event]:
    """Return published events that start within so many days (1 to 90), soonest first."""
    try:
        days = min(max(int(days), 1), 90)
    except ValueError:
        raise ValidationError({"days": ["Enter a whole number of days."]}) from None
    until = timezone.now() + timedelta(days=days)
    events = Event.objects.published().upcoming().filter(starts_at__lt=until)
    return events.select_related("venue", "category").with_prices()[:limit]
