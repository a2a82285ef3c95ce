"""Signals of the events app, and its receivers; its AppConfig imports this module."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal, receiver

from example_project.events.availability import forget_availability
from example_project.events.models import Event, TicketType

# Sent after commit with ``event`` and ``reason``.
event_cancelled = Signal()


@receiver(post_save, sender=TicketType, dispatch_uid="events.ticket_type_saved")
@receiver(post_delete, sender=TicketType, dispatch_uid="events.ticket_type_deleted")
def forget_availability_of_type(
    sender: type[TicketType], instance: TicketType, **kwargs: Any
) -> None:
    forget_availability(instance.event_id)


@receiver(post_save, sender=Event, dispatch_uid="events.event_saved")
def forget_availability_of_event(sender: type[Event], instance: Event, **kwargs: Any) -> None:
    forget_availability(instance.pk)
