"""Orders with their lines, the tickets issued for them, and vouchers."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from example_project.events.models import Currency, Event, TicketType
from example_project.orders.codes import new_order_reference, new_ticket_code
from example_project.orders.validators import validate_voucher_code

ZERO = Decimal("0.00")


class OrderStatus(models.TextChoices):
    RESERVED = "reserved", "Reserved"
    PAID = "paid", "Paid"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"
    REFUNDED = "refunded", "Refunded"


class TicketStatus(models.TextChoices):
    VALID = "valid", "Valid"
    USED = "used", "Used"
    VOID = "void", "Void"


class VoucherQuerySet(models.QuerySet):
    def usable(self, now: datetime | None = None) -> "VoucherQuerySet":
        now = now or timezone.now()
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=now),
            Q(max_uses__isnull=True) | Q(uses__lt=F("max_uses")),
        )


class Voucher(models.Model):
    code = models.CharField(max_length=20, unique=True, validators=[validate_voucher_code])
    percent_off = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="vouchers"
    )
    valid_until = models.DateTimeField(null=True, blank=True)
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0, editable=False)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent_off__gte=1, percent_off__lte=100), name="voucher_percent_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.percent_off}% off)"


class OrderQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "OrderQuerySet":
        """Customers see their own orders, the box office everybody's."""
        return self if user.is_box_office else self.filter(customer=user)

    def overdue(self, now: datetime | None = None) -> "OrderQuerySet":
        return self.filter(status=OrderStatus.RESERVED, expires_at__lte=now or timezone.now())

    def with_ticket_count(self) -> "OrderQuerySet":
        return self.annotate(ticket_count=models.Sum("lines__quantity"))


class Order(models.Model):
    reference = models.CharField(max_length=12, unique=True, default=new_order_reference)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders"
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="orders")
    voucher = models.ForeignKey(
        Voucher, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    status = models.CharField(
        max_length=12, choices=OrderStatus.choices, default=OrderStatus.RESERVED
    )
    currency = models.CharField(max_length=3, choices=Currency.choices)
    subtotal = models.DecimalField(max_digits=10, decimal_places=2, default=ZERO)
    discount = models.DecimalField(max_digits=10, decimal_places=2, default=ZERO)
    fees = models.DecimalField(max_digits=10, decimal_places=2, default=ZERO)
    total = models.DecimalField(max_digits=10, decimal_places=2, default=ZERO)
    charge_id = models.CharField(max_length=60, blank=True)
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["status", "expires_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_overdue(self) -> bool:
        return self.status == OrderStatus.RESERVED and self.expires_at <= timezone.now()


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="lines")
    quantity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    unit_price = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "ticket_type"], name="line_once_per_type"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.ticket_type.name}"

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price


class Ticket(models.Model):
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="tickets")
    code = models.CharField(max_length=12, unique=True, default=new_ticket_code)
    status = models.CharField(
        max_length=8, choices=TicketStatus.choices, default=TicketStatus.VALID
    )
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code
