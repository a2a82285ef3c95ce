"""Receivers of the orders app; its AppConfig imports this module to connect them."""

from typing import Any

from django.dispatch import receiver

from example_project.events.models import Event
from example_project.events.signals import event_cancelled
from example_project.orders.models import OrderStatus
from example_project.orders.services.changes import cancel_order


@receiver(event_cancelled, dispatch_uid="orders.release_reservations")
def release_reservations(sender: type[Event], event: Event, **kwargs: Any) -> None:
    """Nobody needs to pay for an event that won't take place."""
    for order in event.orders.filter(status=OrderStatus.RESERVED):
        cancel_order(order)
