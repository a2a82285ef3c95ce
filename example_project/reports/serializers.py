from typing import Any

from rest_framework import serializers

from example_project.events.models import Event


class SalesRowSerializer(serializers.ModelSerializer):
    event = serializers.SlugField(source="slug")
    orders = serializers.IntegerField(source="orders_paid")
    revenue = serializers.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        model = Event
        fields = ["event", "title", "currency", "orders", "revenue"]


class OccupancyRowSerializer(serializers.Serializer):
    event = serializers.SlugField()
    total = serializers.IntegerField()
    taken = serializers.IntegerField()
    percent = serializers.IntegerField()


class PeriodSerializer(serializers.Serializer):
    since = serializers.DateField()
    until = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["until"] < attrs["since"]:
            raise serializers.ValidationError({"until": ["The period ends before it begins."]})
        if (attrs["until"] - attrs["since"]).days > 366:
            raise serializers.ValidationError({"until": ["Ask for a year at most."]})
        return attrs


class DayRowSerializer(serializers.Serializer):
    day = serializers.DateField()
    orders = serializers.IntegerField()
    revenue = serializers.DecimalField(max_digits=12, decimal_places=2)
