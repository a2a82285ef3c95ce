from django.urls import include, path
from rest_framework.routers import DefaultRouter

from example_project.events import views

router = DefaultRouter()
router.include_root_view = False
router.register("events", views.EventViewSet, basename="event")
router.register(
    r"events/(?P<event_slug>[^/.]+)/ticket-types",
    views.TicketTypeViewSet,
    basename="event-ticket-type",
)

urlpatterns = [
    path("categories/", views.CategoryListView.as_view(), name="category-list"),
    path("categories/<slug:slug>/", views.CategoryDetailView.as_view(), name="category-detail"),
    path("events/upcoming/", views.upcoming, name="event-upcoming"),
    path("", include(router.urls)),
]
