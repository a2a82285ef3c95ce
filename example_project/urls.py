"""Routes of the project: the API under /api/, pages for people beside it."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from example_project.health import healthz

api_urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("accounts/", include("example_project.accounts.urls")),
    path("", include("example_project.venues.urls")),
    path("", include("example_project.events.urls")),
    path("", include("example_project.orders.urls")),
    path("notifications/", include("example_project.notifications.urls")),
    path("reports/", include("example_project.reports.urls")),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("api/", include(api_urlpatterns)),
    path("", include("example_project.events.page_urls")),
    path("office/", include("example_project.reports.page_urls")),
]
