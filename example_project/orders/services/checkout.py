"""Reserving tickets: the first stage of an order."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from example_project.conf import rule
from example_project.events.models import Event, TicketType
from example_project.exceptions import NotOnSaleError, OrderLimitError
from example_project.orders.models import Order, OrderLine
from example_project.orders.services.pricing import Quote, price_order
from example_project.orders.services.stock import lock_types, take
from example_project.orders.services.vouchers import find_voucher


def check_items(types: list[TicketType], quantities: Mapping[int, int]) -> Event:
    """Return the one event that all tickets are for, if they may be sold together now."""
    if not types or len(types) != len(quantities):
        raise NotOnSaleError("Some of these tickets don't exist any more.")
    events = {each.event_id: each.event for each in types}
    if len(events) > 1:
        raise OrderLimitError("An order can hold tickets of one event only.")
    event = events.popitem()[1]
    if not event.is_on_sale:
        raise NotOnSaleError(f"{event} is not on sale.")
    limit = rule("MAX_TICKETS_PER_ORDER")
    if sum(quantities.values()) > limit:
        raise OrderLimitError(f"An order can hold {limit} tickets.")
    for each in types:
        if each.max_per_order and quantities[each.pk] > each.max_per_order:
            raise OrderLimitError(f"{each.name}: {each.max_per_order} tickets per order.")
    return event


def quote(quantities: Mapping[int, int], *, voucher_code: str = "") -> Quote:
    """Price tickets without reserving them."""
    types = list(TicketType.objects.filter(pk__in=quantities).select_related("event"))
    event = check_items(types, quantities)
    voucher = find_voucher(voucher_code, event=event)
    items = [(each, quantities[each.pk]) for each in types]
    return price_order(items, currency=event.currency, voucher=voucher)


@transaction.atomic
def reserve(customer: Any, quantities: Mapping[int, int], *, voucher_code: str = "") -> Order:
    """Reserve tickets for so long as the ``RESERVATION_MINUTES`` rule says.

    ``quantities`` maps ids of ticket types to numbers of tickets. All are taken, or none.
    """
    types = lock_types(list(quantities))
    event = check_items(types, quantities)
    voucher = find_voucher(voucher_code, event=event, lock=True)
    for each in types:
        take(each, quantities[each.pk])
    if voucher:
        voucher.uses += 1
        voucher.save(update_fields=["uses"])
    items = [(each, quantities[each.pk]) for each in types]
    price = price_order(items, currency=event.currency, voucher=voucher)
    order = Order.objects.create(
        customer=customer,
        event=event,
        voucher=voucher,
        currency=price.currency,
        subtotal=price.subtotal,
        discount=price.discount,
        fees=price.fees,
        total=price.total,
        expires_at=timezone.now() + timedelta(minutes=rule("RESERVATION_MINUTES")),
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=order, ticket_type=each, quantity=quantity, unit_price=each.price)
        for each, quantity in items
    )
    return order
