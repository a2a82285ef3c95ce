"""Representations of events and ticket types."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from example_project.events.models import Category, Event, TicketType
from example_project.venues.models import Section, Venue
from example_project.venues.serializers import VenueListSerializer


class CategorySerializer(serializers.ModelSerializer):
    class Meta:
        model = Category
        fields = ["slug", "name"]


class TicketTypeSerializer(serializers.ModelSerializer):
    remaining = serializers.IntegerField(read_only=True)
    section = serializers.PrimaryKeyRelatedField(
        queryset=Section.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = TicketType
        fields = ["id", "name", "price", "quantity", "remaining", "max_per_order", "section"]

    def validate_name(self, value: str) -> str:
        others = self.context["event"].ticket_types.exclude(pk=getattr(self.instance, "pk", None))
        if others.filter(name__iexact=value).exists():
            raise serializers.ValidationError("The event has tickets of this name.")
        return value

    def validate_section(self, value: Section | None) -> Section | None:
        if value and value.venue_id != self.context["event"].venue_id:
            raise serializers.ValidationError("The section is not in the event's venue.")
        return value

    def validate_quantity(self, value: int) -> int:
        event = self.context["event"]
        if self.instance and value < self.instance.taken:
            raise serializers.ValidationError(f"{self.instance.taken} are taken already.")
        others = event.ticket_types.exclude(pk=getattr(self.instance, "pk", None))
        total = sum(each.quantity for each in others) + value
        if total > event.venue.capacity:
            raise serializers.ValidationError(
                f"The event would have {total} tickets; the venue holds {event.venue.capacity}."
            )
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        section = attrs.get("section")
        if section and attrs.get("quantity", 0) > section.seats:
            raise serializers.ValidationError(
                {"quantity": [f"{section.name} has {section.seats} seats."]}
            )
        return attrs


class EventListSerializer(serializers.ModelSerializer):
    venue = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    city = serializers.CharField(source="venue.city", read_only=True)
    category = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    min_price = serializers.DecimalField(
        max_digits=8, decimal_places=2, read_only=True, allow_null=True
    )

    class Meta:
        model = Event
        fields = [
            "id",
            "slug",
            "title",
            "venue",
            "city",
            "category",
            "status",
            "currency",
            "starts_at",
            "min_price",
        ]


class EventSerializer(serializers.ModelSerializer):
    venue = VenueListSerializer(read_only=True)
    category = CategorySerializer(read_only=True)
    organiser = serializers.CharField(source="organiser.display_name", read_only=True)
    ticket_types = TicketTypeSerializer(many=True, read_only=True)

    class Meta:
        model = Event
        fields = [
            "id",
            "slug",
            "title",
            "description",
            "venue",
            "category",
            "organiser",
            "status",
            "currency",
            "doors_open_at",
            "starts_at",
            "published_at",
            "ticket_types",
        ]
        read_only_fields = ["slug", "status"]


class EventWriteSerializer(serializers.ModelSerializer):
    """What organisers send: relations by slug."""

    venue = serializers.SlugRelatedField(slug_field="slug", queryset=Venue.objects.open())
    category = serializers.SlugRelatedField(slug_field="slug", queryset=Category.objects.all())

    class Meta:
        model = Event
        fields = [
            "title",
            "description",
            "venue",
            "category",
            "currency",
            "doors_open_at",
            "starts_at",
        ]

    def validate_starts_at(self, value: Any) -> Any:
        if value <= timezone.now():
            raise serializers.ValidationError("The event must start in the future.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        doors = attrs.get("doors_open_at", getattr(self.instance, "doors_open_at", None))
        start = attrs.get("starts_at", getattr(self.instance, "starts_at", None))
        if doors and start and doors > start:
            raise serializers.ValidationError(
                {"doors_open_at": ["Doors must open before the event starts."]}
            )
        return attrs

    def to_representation(self, instance: Event) -> dict[str, Any]:
        return EventSerializer(instance, context=self.context).data


class CancellationSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class DuplicationSerializer(serializers.Serializer):
    starts_at = serializers.DateTimeField()


class TypeAvailabilitySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    remaining = serializers.IntegerField()


class AvailabilitySerializer(serializers.Serializer):
    event = serializers.SlugField()
    on_sale = serializers.BooleanField()
    remaining = serializers.IntegerField()
    ticket_types = TypeAvailabilitySerializer(many=True)
