"""What an order costs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from example_project.events.models import TicketType
from example_project.money import round_money
from example_project.orders.models import ZERO, Voucher

FEES_FILE = Path(__file__).resolve().parent.parent / "data" / "fees.json"


@dataclass(frozen=True, kw_only=True)
class Quote:
    """The price of an order and what it is made of, in one currency."""

    currency: str
    subtotal: Decimal
    discount: Decimal
    fees: Decimal

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount + self.fees


def load_fees(currency: str) -> dict:
    """Read the booking fees of a currency; from the file each time, so that edits count at once."""
    return json.loads(FEES_FILE.read_text(encoding="utf-8"))[currency]


def ticket_fee(price: Decimal, fees: dict) -> Decimal:
    """Return the fee of one ticket: that of the first tier which the price fits in."""
    if price == 0:
        return ZERO
    for tier in fees["per_ticket"]:
        if tier["up_to"] is None or price <= Decimal(tier["up_to"]):
            return Decimal(tier["fee"])
    raise ValueError(f"No fee tier fits {price}; the last one needs up_to: null.")


def price_order(
    items: Iterable[tuple[TicketType, int]], *, currency: str, voucher: Voucher | None = None
) -> Quote:
    """Price tickets. Vouchers reduce tickets, never fees; free orders have no fees."""
    fees = load_fees(currency)
    percent = voucher.percent_off if voucher else 0
    subtotal = discount = booking_fees = ZERO
    for ticket_type, quantity in items:
        reduced = round_money(ticket_type.price * (100 - percent) / 100)
        subtotal += quantity * ticket_type.price
        discount += quantity * (ticket_type.price - reduced)
        booking_fees += quantity * ticket_fee(reduced, fees)
    if booking_fees:
        booking_fees += Decimal(fees["per_order"])
    return Quote(currency=currency, subtotal=subtotal, discount=discount, fees=booking_fees)
