import django_filters

from example_project.orders.models import Order, OrderStatus, Ticket, TicketStatus


class OrderFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=OrderStatus.choices)
    event = django_filters.CharFilter(field_name="event__slug")
    created_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")

    class Meta:
        model = Order
        fields = []


class TicketFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=TicketStatus.choices)
    event = django_filters.CharFilter(field_name="line__order__event__slug")

    class Meta:
        model = Ticket
        fields = []
