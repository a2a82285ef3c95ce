"""Representations of orders, tickets and vouchers."""

from typing import Any

from rest_framework import serializers

from example_project.events.models import Event
from example_project.orders.models import Order, OrderLine, Ticket, Voucher


class OrderItemSerializer(serializers.Serializer):
    ticket_type = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(min_value=1, max_value=100)


class CheckoutSerializer(serializers.Serializer):
    """What is ordered; also what a quote is asked for."""

    items = OrderItemSerializer(many=True, allow_empty=False)
    voucher = serializers.CharField(
        max_length=20, required=False, allow_blank=True, default="", write_only=True
    )

    def validate_items(self, items: list[dict[str, int]]) -> list[dict[str, int]]:
        ids = [item["ticket_type"] for item in items]
        if len(ids) != len(set(ids)):
            raise serializers.ValidationError("Name each ticket type once.")
        return items

    def quantities(self) -> dict[int, int]:
        return {item["ticket_type"]: item["quantity"] for item in self.validated_data["items"]}


class QuoteSerializer(serializers.Serializer):
    currency = serializers.CharField()
    subtotal = serializers.DecimalField(max_digits=10, decimal_places=2)
    discount = serializers.DecimalField(max_digits=10, decimal_places=2)
    fees = serializers.DecimalField(max_digits=10, decimal_places=2)
    total = serializers.DecimalField(max_digits=10, decimal_places=2)


class TicketSerializer(serializers.ModelSerializer):
    event = serializers.SlugField(source="line.order.event.slug", read_only=True)
    ticket_type = serializers.CharField(source="line.ticket_type.name", read_only=True)

    class Meta:
        model = Ticket
        fields = ["code", "event", "ticket_type", "status", "checked_in_at"]
        read_only_fields = fields


class OrderLineSerializer(serializers.ModelSerializer):
    ticket_type = serializers.CharField(source="ticket_type.name", read_only=True)
    amount = serializers.DecimalField(max_digits=10, decimal_places=2, read_only=True)

    class Meta:
        model = OrderLine
        fields = ["ticket_type", "quantity", "unit_price", "amount"]


class OrderListSerializer(serializers.ModelSerializer):
    event = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    ticket_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Order
        fields = [
            "reference",
            "event",
            "status",
            "currency",
            "total",
            "ticket_count",
            "created_at",
        ]


class OrderSerializer(serializers.ModelSerializer):
    event = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    voucher = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    lines = OrderLineSerializer(many=True, read_only=True)
    tickets = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = [
            "reference",
            "event",
            "status",
            "currency",
            "subtotal",
            "discount",
            "fees",
            "total",
            "voucher",
            "lines",
            "tickets",
            "expires_at",
            "paid_at",
            "created_at",
        ]

    def get_tickets(self, order: Order) -> list[str]:
        """The codes of the tickets, once they are issued."""
        return [ticket.code for line in order.lines.all() for ticket in line.tickets.all()]


class PaymentSerializer(serializers.Serializer):
    source = serializers.RegexField(r"^tok_[A-Za-z0-9_]+$", max_length=60)


class VoucherSerializer(serializers.ModelSerializer):
    event = serializers.SlugRelatedField(
        slug_field="slug", queryset=Event.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Voucher
        fields = ["id", "code", "percent_off", "event", "valid_until", "max_uses", "uses"]
        read_only_fields = ["uses"]

    def to_internal_value(self, data: Any) -> Any:
        """People type codes in any case."""
        if isinstance(data.get("code"), str):
            data = {**data, "code": data["code"].strip().upper()}
        return super().to_internal_value(data)


class VoucherCheckSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=20)
    event = serializers.SlugRelatedField(slug_field="slug", queryset=Event.objects.published())
    percent_off = serializers.IntegerField(read_only=True)


class WebhookChargeSerializer(serializers.Serializer):
    id = serializers.CharField()
    reference = serializers.CharField()


class WebhookSerializer(serializers.Serializer):
    type = serializers.CharField()
    charge = WebhookChargeSerializer()


class WebhookAnswerSerializer(serializers.Serializer):
    handled = serializers.BooleanField()


class PaymentHealthSerializer(serializers.Serializer):
    healthy = serializers.BooleanField()
