"""The figures of the reports; the API, the pages and the tests share them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncDate

from example_project.events.models import Event
from example_project.orders.models import Order, OrderStatus

PAID = Q(orders__status=OrderStatus.PAID)
ZERO = Value(Decimal("0.00"), output_field=DecimalField(max_digits=12, decimal_places=2))


def sales_by_event(user: Any) -> QuerySet[Event]:
    """Return the user's events (staff: all) with ``orders_paid`` and ``revenue``."""
    events = Event.objects.all() if user.is_staff else Event.objects.filter(organiser=user)
    return events.annotate(
        orders_paid=Count("orders", filter=PAID),
        revenue=Coalesce(Sum("orders__total", filter=PAID), ZERO),
    ).order_by("-revenue", "starts_at", "id")


def occupancy(events: Iterable[Event]) -> list[dict[str, object]]:
    """Return how full each event is; needs events that are annotated by ``with_sales``."""
    return [
        {
            "event": event.slug,
            "total": event.tickets_total,
            "taken": event.tickets_taken,
            "percent": round(100 * event.tickets_taken / event.tickets_total)
            if event.tickets_total
            else 0,
        }
        for event in events
    ]


def revenue_by_day(*, since: date, until: date) -> list[dict[str, object]]:
    """Return days with sales, both ends included, as ``day``, ``orders`` and ``revenue``."""
    orders = Order.objects.filter(
        status=OrderStatus.PAID, paid_at__date__gte=since, paid_at__date__lte=until
    )
    return list(
        orders.annotate(day=TruncDate("paid_at"))
        .values("day")
        .annotate(orders=Count("id"), revenue=Sum("total"))
        .order_by("day")
    )
