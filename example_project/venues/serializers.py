"""Representations of venues and their sections."""

from typing import Any

from rest_framework import serializers

from example_project.venues.models import Section, Venue


class SectionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Section
        fields = ["id", "name", "seats", "has_step_free_access"]

    def validate_name(self, value: str) -> str:
        venue = self.context.get("venue")
        if venue:
            others = venue.sections.exclude(pk=getattr(self.instance, "pk", None))
            if others.filter(name__iexact=value).exists():
                raise serializers.ValidationError("The venue has a section of this name.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Keep the sections together within what the venue holds."""
        venue = self.context.get("venue")
        if venue and "seats" in attrs:
            others = venue.sections.exclude(pk=getattr(self.instance, "pk", None))
            total = sum(section.seats for section in others) + attrs["seats"]
            if total > venue.capacity:
                raise serializers.ValidationError(
                    {"seats": [f"The sections would have {total} seats, over the capacity."]}
                )
        return attrs


class VenueListSerializer(serializers.ModelSerializer):
    class Meta:
        model = Venue
        fields = ["id", "slug", "name", "city", "capacity", "is_open"]


class VenueSerializer(serializers.ModelSerializer):
    sections = SectionSerializer(many=True, read_only=True)
    seat_count = serializers.SerializerMethodField()

    class Meta:
        model = Venue
        fields = [
            "id",
            "slug",
            "name",
            "city",
            "address",
            "postcode",
            "capacity",
            "seat_count",
            "is_open",
            "image",
            "sections",
            "created_at",
        ]
        read_only_fields = ["slug", "image", "created_at"]

    def get_seat_count(self, venue: Venue) -> int:
        return sum(section.seats for section in venue.sections.all())

    def validate_capacity(self, value: int) -> int:
        if self.instance and value < self.get_seat_count(self.instance):
            raise serializers.ValidationError("The sections have more seats than that.")
        return value


class VenueImageSerializer(serializers.ModelSerializer):
    image = serializers.ImageField(validators=Venue._meta.get_field("image").validators)

    class Meta:
        model = Venue
        fields = ["image"]


class CitySerializer(serializers.Serializer):
    city = serializers.CharField()
    venues = serializers.IntegerField()
    capacity = serializers.IntegerField()
