"""What an order costs."""

from decimal import Decimal

CENT = Decimal("0.01")


def total_of(price, quantity):
    return (price * quantity * (1 - discount_of(quantity))).quantize(CENT)


def discount_of(quantity):
    if quantity >= 10:
        return Decimal("0.10")
    return Decimal(0)
