"""Notifying users."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from example_project.conf import rule
from example_project.events.models import Event
from example_project.notifications.models import Kind, Notification, NotificationPreference
from example_project.orders.models import Order, OrderStatus


def notify(user: Any, kind: Kind, context: dict[str, Any], *, key: str = "") -> Notification:
    """Store a message and mail it if the user wants that. Templates are named by kind."""
    context = {"user": user, "site_name": settings.SITE_NAME, **context}
    subject = render_to_string(f"notifications/{kind.value}_subject.txt", context).strip()
    body = render_to_string(f"notifications/{kind.value}.txt", context).strip()
    notification = Notification.objects.create(
        user=user, kind=kind, subject=subject, body=body, key=key
    )
    preference, _ = NotificationPreference.objects.get_or_create(user=user)
    if preference.wants_email(kind):
        send_mail(notification, context)
    return notification


def send_mail(notification: Notification, context: dict[str, Any]) -> None:
    message = EmailMultiAlternatives(
        notification.subject, notification.body, to=[notification.user.email]
    )
    html = render_to_string(
        "notifications/email.html",
        {**context, "notification": notification, "support_email": settings.SUPPORT_EMAIL},
    )
    message.attach_alternative(html, "text/html")
    message.send()


def send_reminders(*, now: datetime | None = None) -> int:
    """Remind buyers of events that start soon, each order once; returns how many were sent."""
    now = now or timezone.now()
    soon = Event.objects.published().filter(
        starts_at__gt=now, starts_at__lte=now + timedelta(hours=rule("REMINDER_HOURS"))
    )
    reminded = Notification.objects.filter(kind=Kind.REMINDER).values("key")
    orders = (
        Order.objects.filter(status=OrderStatus.PAID, event__in=soon)
        .exclude(reference__in=reminded)
        .select_related("customer", "event__venue")
    )
    for order in orders:
        notify(order.customer, Kind.REMINDER, {"order": order}, key=order.reference)
    return len(orders)
