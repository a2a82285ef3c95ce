"""Amounts of money: decimals with two places in the project, minor units at the payment service."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}


def round_money(amount: Decimal) -> Decimal:
    """Round to cents, halves away from zero as on a till receipt."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def to_minor_units(amount: Decimal) -> int:
    """Return the amount in pence or cents; ValueError if it has fractions of them."""
    minor = amount * 100
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of cents.")
    return int(minor)


def format_money(amount: Decimal, currency: str) -> str:
    """Return the amount as people read it: ``£1,234.50``, or ``CHF 5.00`` without a symbol."""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    sign = "-" if amount < 0 else ""
    return f"{sign}{symbol}{abs(round_money(amount)):,}"
