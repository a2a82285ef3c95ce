"""Messages to users, kept to be read in the app and mailed to those who want it."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Kind(models.TextChoices):
    ORDER_PAID = "order_paid", "Order paid"
    ORDER_REFUNDED = "order_refunded", "Order refunded"
    ORDER_EXPIRED = "order_expired", "Reservation expired"
    EVENT_CANCELLED = "event_cancelled", "Event cancelled"
    REMINDER = "reminder", "Reminder"


class NotificationPreference(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preference"
    )
    email_orders = models.BooleanField(default=True)
    email_reminders = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"Preferences of {self.user}"

    def wants_email(self, kind: str) -> bool:
        return self.email_reminders if kind == Kind.REMINDER else self.email_orders


class NotificationQuerySet(models.QuerySet):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)

    def mark_read(self) -> int:
        return self.unread().update(read_at=timezone.now())


class Notification(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    key = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "read_at"])]

    def __str__(self) -> str:
        return self.subject
