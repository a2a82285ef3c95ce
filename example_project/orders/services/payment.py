"""Paying for orders, and paying back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from example_project.conf import rule
from example_project.exceptions import ReservationExpiredError, TransitionError
from example_project.orders import gateway
from example_project.orders.models import Order, OrderStatus, Ticket, TicketStatus
from example_project.orders.services.stock import give_back
from example_project.orders.signals import order_paid, order_refunded


def lock_order(order: Order) -> Order:
    return Order.objects.select_for_update(of=["self"]).select_related("event").get(pk=order.pk)


def issue_tickets(order: Order) -> list[Ticket]:
    """Create the tickets of a paid order, one per place."""
    return Ticket.objects.bulk_create(
        Ticket(line=line) for line in order.lines.all() for _ in range(line.quantity)
    )


@transaction.atomic
def mark_paid(order: Order, *, charge_id: str) -> Order:
    """Record a payment that was made, and issue the tickets."""
    order = lock_order(order)
    if order.status != OrderStatus.RESERVED:
        raise TransitionError(f"A {order.status} order can't be paid.")
    order.status = OrderStatus.PAID
    order.charge_id = charge_id
    order.paid_at = timezone.now()
    order.save(update_fields=["status", "charge_id", "paid_at"])
    issue_tickets(order)
    transaction.on_commit(lambda: order_paid.send(sender=Order, order=order))
    return order


@transaction.atomic
def pay(order: Order, *, source: str) -> Order:
    """Charge a payment source (a token from the payment service's form) and issue the tickets."""
    order = lock_order(order)
    if order.status != OrderStatus.RESERVED:
        raise TransitionError(f"A {order.status} order can't be paid.")
    if order.is_overdue:
        raise ReservationExpiredError("The reservation has expired; please start again.")
    charge_id = ""
    if order.total:
        charge = gateway.create_charge(
            amount=order.total, currency=order.currency, reference=order.reference, source=source
        )
        charge_id = gateway.capture_charge(charge.id).id
    return mark_paid(order, charge_id=charge_id)


@transaction.atomic
def refund(order: Order) -> Order:
    """Pay an order back, void its tickets and put them on sale again."""
    order = lock_order(order)
    if order.status != OrderStatus.PAID:
        raise TransitionError(f"A {order.status} order can't be refunded.")
    cutoff = order.event.starts_at - timedelta(hours=rule("REFUND_CUTOFF_HOURS"))
    if timezone.now() >= cutoff:
        raise TransitionError("It is too close to the event for a refund.")
    tickets = Ticket.objects.filter(line__order=order)
    if tickets.filter(status=TicketStatus.USED).exists():
        raise TransitionError("Tickets of this order were used.")
    if order.charge_id:
        gateway.refund_charge(order.charge_id, amount=order.total)
    tickets.update(status=TicketStatus.VOID)
    give_back(order)
    order.status = OrderStatus.REFUNDED
    order.save(update_fields=["status"])
    transaction.on_commit(lambda: order_refunded.send(sender=Order, order=order))
    return order
