"""Pages for the people who run the ticket office."""

from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.views.generic import TemplateView

from example_project.events.models import Event
from example_project.orders.models import Order, OrderStatus
from example_project.reports.queries import sales_by_event


class DashboardView(LoginRequiredMixin, UserPassesTestMixin, TemplateView):
    template_name = "reports/dashboard.html"

    def test_func(self) -> bool:
        return self.request.user.is_organiser

    def get_context_data(self, **kwargs: object) -> dict:
        user = self.request.user
        events = Event.objects.published().upcoming().with_sales()
        if not user.is_staff:
            events = events.filter(organiser=user)
        open_orders = Order.objects.filter(status=OrderStatus.RESERVED, event__in=events)
        return super().get_context_data(
            events=events.select_related("venue"),
            best_sellers=sales_by_event(user)[:5],
            open_reservations=open_orders.count(),
            **kwargs,
        )
