"""Template tags of the pages."""

from decimal import Decimal

from django import template

from example_project.money import format_money

register = template.Library()


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """``{{ price|money:event.currency }}``; nothing costs nothing, which reads better as a word."""
    return "free" if amount == 0 else format_money(amount, currency)


@register.inclusion_tag("events/_sold_bar.html")
def sold_bar(taken: int, total: int) -> dict[str, object]:
    """Draw how much of an event is sold."""
    percent = round(100 * taken / total) if total else 0
    return {"percent": percent, "nearly_gone": 90 <= percent < 100, "gone": percent >= 100}


@register.simple_tag
def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
