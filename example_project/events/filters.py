import django_filters
from django.db.models import F, QuerySet

from example_project.events.models import Event, EventStatus


class EventFilter(django_filters.FilterSet):
    city = django_filters.CharFilter(field_name="venue__city", lookup_expr="iexact")
    venue = django_filters.CharFilter(field_name="venue__slug")
    category = django_filters.CharFilter(field_name="category__slug")
    starts_after = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")
    max_price = django_filters.NumberFilter(field_name="min_price", lookup_expr="lte")
    status = django_filters.ChoiceFilter(choices=EventStatus.choices)
    available = django_filters.BooleanFilter(method="filter_available")

    class Meta:
        model = Event
        fields = ["currency"]

    def filter_available(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Keep events by whether any of their ticket types has tickets left."""
        with_tickets = Event.objects.filter(ticket_types__taken__lt=F("ticket_types__quantity"))
        if value:
            return queryset.filter(pk__in=with_tickets.values("pk"))
        return queryset.exclude(pk__in=with_tickets.values("pk"))
