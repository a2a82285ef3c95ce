"""Taking tickets from stock and giving them back."""

from collections.abc import Mapping

from example_project.events.models import TicketType
from example_project.exceptions import SoldOutError
from example_project.orders.models import Order


def lock_types(ids: list[int]) -> list[TicketType]:
    """Lock ticket types, in the order of their ids so that two checkouts can't deadlock."""
    types = TicketType.objects.select_for_update(of=["self"]).select_related("event")
    return list(types.filter(pk__in=ids).order_by("pk"))


def take(ticket_type: TicketType, quantity: int) -> None:
    """Take tickets of a locked type; SoldOutError if there are too few."""
    if quantity > ticket_type.remaining:
        left = ticket_type.remaining or "none"
        raise SoldOutError(f"{ticket_type.name}: {quantity} asked for, {left} left.")
    ticket_type.taken += quantity
    ticket_type.save(update_fields=["taken"])


def give_back(order: Order) -> None:
    """Return an order's tickets to stock, and its voucher's use to the voucher."""
    quantities: Mapping[int, int] = dict(order.lines.values_list("ticket_type_id", "quantity"))
    for ticket_type in lock_types(list(quantities)):
        ticket_type.taken -= quantities[ticket_type.pk]
        ticket_type.save(update_fields=["taken"])
    if order.voucher_id:
        voucher = type(order.voucher).objects.select_for_update().get(pk=order.voucher_id)
        voucher.uses = max(voucher.uses - 1, 0)
        voucher.save(update_fields=["uses"])
