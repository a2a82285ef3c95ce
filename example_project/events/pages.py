"""Pages about events, for people."""

from django.http import Http404, HttpRequest, JsonResponse
from django.views.generic import DetailView, TemplateView

from example_project.events.models import Event
from example_project.events.services import upcoming_events


class HomeView(TemplateView):
    template_name = "events/home.html"

    def get_context_data(self, **kwargs: object) -> dict:
        return super().get_context_data(events=upcoming_events(days=30), **kwargs)


class EventPageView(DetailView):
    template_name = "events/event.html"
    context_object_name = "event"

    def get_queryset(self):
        events = Event.objects.visible_to(self.request.user).with_sales()
        return events.select_related("venue", "category").prefetch_related("ticket_types")


async def remaining(request: HttpRequest, slug: str) -> JsonResponse:
    """Answer the number of tickets left; pages poll it while people choose."""
    event = await Event.objects.published().with_sales().filter(slug=slug).afirst()
    if event is None:
        raise Http404("No event on sale has this slug.")
    return JsonResponse({"remaining": event.tickets_total - event.tickets_taken})
