import django_filters

from example_project.venues.models import Venue


class VenueFilter(django_filters.FilterSet):
    city = django_filters.CharFilter(lookup_expr="iexact")
    min_capacity = django_filters.NumberFilter(field_name="capacity", lookup_expr="gte")
    step_free = django_filters.BooleanFilter(
        field_name="sections__has_step_free_access", distinct=True
    )

    class Meta:
        model = Venue
        fields = ["city", "is_open"]
