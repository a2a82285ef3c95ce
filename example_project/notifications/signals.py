"""Receivers of the notifications app; its AppConfig imports this module to connect them."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from example_project.events.models import Event
from example_project.events.signals import event_cancelled
from example_project.notifications.models import Kind, NotificationPreference
from example_project.notifications.services import notify
from example_project.orders.models import Order, OrderStatus
from example_project.orders.signals import order_expired, order_paid, order_refunded


@receiver(
    post_save, sender=settings.AUTH_USER_MODEL, dispatch_uid="notifications.create_preference"
)
def create_preference(sender: type, instance: Any, created: bool, raw: bool, **kwargs: Any) -> None:
    """Every user has preferences; fixtures (``raw``) bring their own."""
    if created and not raw:
        NotificationPreference.objects.create(user=instance)


@receiver(order_paid, dispatch_uid="notifications.order_paid")
def on_order_paid(sender: type[Order], order: Order, **kwargs: Any) -> None:
    notify(order.customer, Kind.ORDER_PAID, {"order": order}, key=order.reference)


@receiver(order_refunded, dispatch_uid="notifications.order_refunded")
def on_order_refunded(sender: type[Order], order: Order, **kwargs: Any) -> None:
    notify(order.customer, Kind.ORDER_REFUNDED, {"order": order}, key=order.reference)


@receiver(order_expired, dispatch_uid="notifications.order_expired")
def on_order_expired(sender: type[Order], order: Order, **kwargs: Any) -> None:
    notify(order.customer, Kind.ORDER_EXPIRED, {"order": order}, key=order.reference)


@receiver(event_cancelled, dispatch_uid="notifications.event_cancelled")
def on_event_cancelled(sender: type[Event], event: Event, reason: str, **kwargs: Any) -> None:
    """Tell everybody who paid; reservations end on their own."""
    orders = event.orders.filter(status=OrderStatus.PAID).select_related("customer")
    for order in orders:
        context = {"order": order, "event": event, "reason": reason}
        notify(order.customer, Kind.EVENT_CANCELLED, context, key=order.reference)
