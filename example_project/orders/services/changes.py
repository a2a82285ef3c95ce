"""Ending orders that weren't paid."""

from datetime import datetime

from django.db import transaction
from django.dispatch import Signal

from example_project.exceptions import TransitionError
from example_project.orders.models import Order, OrderStatus
from example_project.orders.services.stock import give_back
from example_project.orders.signals import order_cancelled, order_expired


@transaction.atomic
def _end(order: Order, status: OrderStatus, signal: Signal) -> Order:
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.status != OrderStatus.RESERVED:
        raise TransitionError(f"A {order.status} order can't become {status.value}.")
    give_back(order)
    order.status = status
    order.save(update_fields=["status"])
    transaction.on_commit(lambda: signal.send(sender=Order, order=order))
    return order


def cancel_order(order: Order) -> Order:
    """Give up a reservation at the customer's wish."""
    return _end(order, OrderStatus.CANCELLED, order_cancelled)


def expire_orders(*, now: datetime | None = None, limit: int | None = None) -> list[Order]:
    """End overdue reservations, oldest first; each in its own transaction."""
    overdue = Order.objects.overdue(now).order_by("expires_at")[:limit]
    return [_end(order, OrderStatus.EXPIRED, order_expired) for order in overdue]
